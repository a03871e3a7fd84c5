package io.quern.engine.compile;

import io.quern.engine.pass.Workflow;
import org.jspecify.annotations.Nullable;

/// What may be chosen about a compilation beside circuit and machine.
///
/// @param level optimisation level, 1 to [#MAX_LEVEL]
/// @param seed source of all randomness
/// @param permuteOutput whether logical qubits may end elsewhere than they start when every pair is
///   coupled
/// @param verify how the result is compared with the input
/// @param workflow takes the place of the level's passes; null for the level's
/// @param synthesis how synthesis goes about; workflows of one's own say so themselves
public record CompilationOptions(
    int level,
    long seed,
    boolean permuteOutput,
    Verification verify,
    @Nullable Workflow workflow,
    SynthesisOptions synthesis) {
  /// The highest level this version knows.
  public static final int MAX_LEVEL = 3;

  public CompilationOptions(int level, long seed, boolean permuteOutput, Verification verify) {
    this(level, seed, permuteOutput, verify, null, SynthesisOptions.DEFAULT);
  }
}
