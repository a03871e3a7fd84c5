package io.quern.testing;

import java.util.BitSet;

/// A product of Pauli operators on any number of qubits, i^phase · Π X^x · Z^z qubit by qubit (on
/// each qubit X stands left of Z, so Y = i·X·Z). Mutable.
public final class PauliString {
  private final BitSet x;
  private final BitSet z;
  private int phase;

  private PauliString(BitSet x, BitSet z, int phase) {
    this.x = x;
    this.z = z;
    this.phase = phase & 3;
  }

  public static PauliString identity() {
    return new PauliString(new BitSet(), new BitSet(), 0);
  }

  public static PauliString x(int qubit) {
    PauliString pauli = identity();
    pauli.x.set(qubit);
    return pauli;
  }

  public static PauliString z(int qubit) {
    PauliString pauli = identity();
    pauli.z.set(qubit);
    return pauli;
  }

  boolean hasX(int qubit) {
    return x.get(qubit);
  }

  boolean hasZ(int qubit) {
    return z.get(qubit);
  }

  /// The exponent of i, 0 to 3.
  int phase() {
    return phase;
  }

  void turn(int quarters) {
    phase = (phase + quarters) & 3;
  }

  void clear(int qubit) {
    x.clear(qubit);
    z.clear(qubit);
  }

  /// Multiplies by `right` from the right. Moving its X past our Z on one qubit gives −1.
  void multiply(PauliString right) {
    BitSet crossing = (BitSet) z.clone();
    crossing.and(right.x);
    x.xor(right.x);
    z.xor(right.z);
    phase = (phase + right.phase + 2 * crossing.cardinality()) & 3;
  }

  /// The same operator with each qubit renamed to its entry in `names`.
  PauliString renamed(int... names) {
    PauliString renamed = new PauliString(new BitSet(), new BitSet(), phase);
    x.stream().forEach(q -> renamed.x.set(names[q]));
    z.stream().forEach(q -> renamed.z.set(names[q]));
    return renamed;
  }

  PauliString copy() {
    return new PauliString((BitSet) x.clone(), (BitSet) z.clone(), phase);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PauliString that
        && x.equals(that.x)
        && z.equals(that.z)
        && phase == that.phase;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * x.hashCode() + z.hashCode()) + phase;
  }

  @Override
  public String toString() {
    return "i^" + phase + " X" + x + " Z" + z;
  }
}
