package io.quern.engine.circuit;

import java.util.Arrays;

/// The ordered, pairwise different qubits an operation acts on.
public final class Location {
  private final int[] qubits;

  private Location(int[] qubits) {
    this.qubits = qubits;
  }

  /// @throws IllegalArgumentException if empty, negative, or a qubit appears twice
  public static Location of(int... qubits) {
    if (qubits.length == 0) {
      throw new IllegalArgumentException("a location needs at least one qubit");
    }
    for (int i = 0; i < qubits.length; i++) {
      if (qubits[i] < 0) {
        throw new IllegalArgumentException("negative qubit in location " + Arrays.toString(qubits));
      }
      for (int j = 0; j < i; j++) {
        if (qubits[i] == qubits[j]) {
          throw new IllegalArgumentException(
              "qubit " + qubits[i] + " twice in location " + Arrays.toString(qubits));
        }
      }
    }
    return new Location(qubits.clone());
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
