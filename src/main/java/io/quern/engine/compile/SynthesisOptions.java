package io.quern.engine.compile;

import org.jspecify.annotations.Nullable;

/// BQSKit's options of `compile()` about synthesis.
///
/// @param maxSynthesisSize qubits of the widest window that is carried out anew; at 2 none is, and
///   beyond 3 nothing more is tried
/// @param synthesisEpsilon distance (D1) a window may be off by; null: none but rounding
/// @param errorThreshold a result whose error bound (D1) is larger is warned of; null: none is
public record SynthesisOptions(
    int maxSynthesisSize, @Nullable Double synthesisEpsilon, @Nullable Double errorThreshold) {
  public static final SynthesisOptions DEFAULT = new SynthesisOptions(3, null, null);
}
