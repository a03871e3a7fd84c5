package io.quern.engine.compile;

import org.jspecify.annotations.Nullable;

/// BQSKit's options of `compile()` about synthesis.
///
/// @param maxSynthesisSize qubits of the widest window that is carried out anew; at 2 none is, and
///   beyond 4 nothing more is tried
/// @param synthesisEpsilon distance (D1) a window may be off by; null: none but rounding
/// @param errorThreshold a result whose error bound (D1) is larger is warned of; null: none is
/// @param errorSimSize with a threshold, the widest circuit whose error is simulated as a whole;
///   the error of a wider one is bounded by the sum of what its windows are off by
public record SynthesisOptions(
    int maxSynthesisSize,
    @Nullable Double synthesisEpsilon,
    @Nullable Double errorThreshold,
    int errorSimSize) {
  public static final SynthesisOptions DEFAULT = new SynthesisOptions(3, null, null);

  /// Options that simulate the error of circuits of up to eight qubits.
  public SynthesisOptions(
      int maxSynthesisSize, @Nullable Double synthesisEpsilon, @Nullable Double errorThreshold) {
    this(maxSynthesisSize, synthesisEpsilon, errorThreshold, 8);
  }
}
