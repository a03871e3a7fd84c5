package io.quern.engine.qasm;

/// How large a program may be; what lies beyond is refused before it takes memory or stack.
///
/// @param maxCharacters length of the text
/// @param maxQubits qubits of all quantum registers together
/// @param maxClassicalBits bits of all classical registers together
/// @param maxOperations operations after registers are broadcast and gate definitions expanded
/// @param maxNesting depth of an expression, and of gates defined by gates
public record QasmLimits(
    int maxCharacters, int maxQubits, int maxClassicalBits, int maxOperations, int maxNesting) {
  public static final QasmLimits DEFAULT =
      new QasmLimits(16 * 1024 * 1024, 1_024, 65_536, 1_000_000, 200);

  public QasmLimits {
    requirePositive("maxCharacters", maxCharacters);
    requirePositive("maxQubits", maxQubits);
    requirePositive("maxClassicalBits", maxClassicalBits);
    requirePositive("maxOperations", maxOperations);
    requirePositive("maxNesting", maxNesting);
    if (maxNesting > 1_000) {
      throw new IllegalArgumentException(
          "maxNesting is bounded by the stack to 1000, found " + maxNesting);
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, found " + value);
    }
  }
}
