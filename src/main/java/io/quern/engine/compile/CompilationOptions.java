package io.quern.engine.compile;

/// What may be chosen about a compilation beside circuit and machine.
///
/// @param level optimisation level, 1 to [#MAX_LEVEL]
/// @param seed source of all randomness
/// @param permuteOutput whether logical qubits may end elsewhere than they start when every pair is
///   coupled
/// @param verify how the result is compared with the input
public record CompilationOptions(int level, long seed, boolean permuteOutput, Verification verify) {
  /// The highest level this version knows.
  public static final int MAX_LEVEL = 3;
}
