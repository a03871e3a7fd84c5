package io.quern.engine.circuit;

/// A named row of classical bits.
public record ClassicalRegister(String name, int size) {
  public ClassicalRegister {
    if (size < 1) {
      throw new IllegalArgumentException(
          "classical register " + name + " needs at least one bit, found " + size);
    }
  }
}
