package io.quern.task;

import io.quern.engine.qasm.QasmLimits;

/// How large a submission may be.
///
/// @param maxCharacters length of the circuit's text
/// @param maxQubits qubits of a circuit, and of a machine
/// @param maxGates operations of a circuit after its registers are broadcast and its gate
///   definitions expanded
public record SubmissionLimits(int maxCharacters, int maxQubits, int maxGates) {
  public static final SubmissionLimits DEFAULT =
      new SubmissionLimits(16 * 1024 * 1024, 1_024, 1_000_000);

  /// No limit but those of memory.
  public static final SubmissionLimits NONE =
      new SubmissionLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

  public SubmissionLimits {
    if (maxCharacters < 1 || maxQubits < 1 || maxGates < 1) {
      throw new IllegalArgumentException(
          "limits are at least 1, found " + maxCharacters + ", " + maxQubits + ", " + maxGates);
    }
  }

  /// The same for what a circuit's text may hold.
  QasmLimits forCircuits() {
    QasmLimits usual = QasmLimits.DEFAULT;
    return new QasmLimits(
        maxCharacters, maxQubits, usual.maxClassicalBits(), maxGates, usual.maxNesting());
  }
}
