package io.quern.engine.mapping;

import java.util.Arrays;

/// A one-to-one map between the wires of a circuit and the physical qubits of a machine.
///
/// There are as many wires as physical qubits: those beyond the circuit's qubits are idle. Names
/// keep the two apart: a `wire` is never used as a physical qubit or the other way round.
final class Layout {
  private final int[] physicalOfWire;
  private final int[] wireAtPhysical;

  private Layout(int[] physicalOfWire) {
    this.physicalOfWire = physicalOfWire;
    this.wireAtPhysical = new int[physicalOfWire.length];
    for (int wire = 0; wire < physicalOfWire.length; wire++) {
      wireAtPhysical[physicalOfWire[wire]] = wire;
    }
  }

  static Layout trivial(int physicalQubits) {
    int[] physicalOfWire = new int[physicalQubits];
    Arrays.setAll(physicalOfWire, wire -> wire);
    return new Layout(physicalOfWire);
  }

  /// @param placed where the first wires are, pairwise different; the other wires take the physical
  ///   qubits left, ascending; not modified
  static Layout of(int[] placed, int physicalQubits) {
    int[] physicalOfWire = Arrays.copyOf(placed, physicalQubits);
    boolean[] taken = new boolean[physicalQubits];
    for (int physical : placed) {
      if (taken[physical]) {
        throw new IllegalArgumentException(
            "physical qubit " + physical + " twice in layout " + Arrays.toString(placed));
      }
      taken[physical] = true;
    }
    int next = 0;
    for (int wire = placed.length; wire < physicalQubits; wire++) {
      while (taken[next]) {
        next++;
      }
      physicalOfWire[wire] = next++;
    }
    return new Layout(physicalOfWire);
  }

  Layout copy() {
    return new Layout(physicalOfWire.clone());
  }

  int size() {
    return physicalOfWire.length;
  }

  int physicalOf(int wire) {
    return physicalOfWire[wire];
  }

  int wireAt(int physical) {
    return wireAtPhysical[physical];
  }

  /// Exchanges what two physical qubits hold.
  void swapPhysical(int physicalA, int physicalB) {
    int wireA = wireAtPhysical[physicalA];
    int wireB = wireAtPhysical[physicalB];
    wireAtPhysical[physicalA] = wireB;
    wireAtPhysical[physicalB] = wireA;
    physicalOfWire[wireA] = physicalB;
    physicalOfWire[wireB] = physicalA;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Layout that && Arrays.equals(physicalOfWire, that.physicalOfWire);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(physicalOfWire);
  }

  @Override
  public String toString() {
    return Arrays.toString(physicalOfWire);
  }
}
