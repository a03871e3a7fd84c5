package io.quern.engine.circuit;

import java.util.Arrays;

/// The ordered, pairwise different qubits an operation acts on.
public final class Location {
  /// Up to here comparing all pairs is cheaper than sorting.
  private static final int FEW = 8;

  private final int[] qubits;

  private Location(int[] qubits) {
    this.qubits = qubits;
  }

  /// @throws IllegalArgumentException if empty, negative, or a qubit appears twice
  public static Location of(int... qubits) {
    if (qubits.length == 0) {
      throw new IllegalArgumentException("a location needs at least one qubit");
    }
    int[] copy = qubits.clone();
    for (int qubit : copy) {
      if (qubit < 0) {
        throw new IllegalArgumentException("negative qubit in location " + Arrays.toString(copy));
      }
    }
    int twice = copy.length <= FEW ? firstRepeatAmongFew(copy) : firstRepeatAmongMany(copy);
    if (twice >= 0) {
      throw new IllegalArgumentException(
          "qubit " + twice + " twice in location " + Arrays.toString(copy));
    }
    return new Location(copy);
  }

  private static int firstRepeatAmongFew(int[] qubits) {
    for (int i = 1; i < qubits.length; i++) {
      for (int j = 0; j < i; j++) {
        if (qubits[i] == qubits[j]) {
          return qubits[i];
        }
      }
    }
    return -1;
  }

  private static int firstRepeatAmongMany(int[] qubits) {
    int[] sorted = qubits.clone();
    Arrays.sort(sorted);
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] == sorted[i - 1]) {
        return sorted[i];
      }
    }
    return -1;
  }

  public int size() {
    return qubits.length;
  }

  public int get(int index) {
    return qubits[index];
  }

  public boolean contains(int qubit) {
    for (int q : qubits) {
      if (q == qubit) {
        return true;
      }
    }
    return false;
  }

  /// The same places with the qubits renamed.
  ///
  /// @param mapping old qubit -> new qubit; not modified
  public Location map(int... mapping) {
    int[] mapped = new int[qubits.length];
    for (int i = 0; i < mapped.length; i++) {
      mapped[i] = mapping[qubits[i]];
    }
    return of(mapped);
  }

  /// A fresh copy of the qubits, in order.
  public int[] toArray() {
    return qubits.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Location that && Arrays.equals(qubits, that.qubits);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(qubits);
  }

  @Override
  public String toString() {
    return Arrays.toString(qubits);
  }
}
