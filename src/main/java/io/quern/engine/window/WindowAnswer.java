package io.quern.engine.window;

import io.quern.engine.instantiation.Instantiation;
import org.jspecify.annotations.Nullable;

/// What a search for a shorter circuit found.
///
/// @param found with fewer two-qubit gates than the window had; null if there was none
/// @param evaluations spent
public record WindowAnswer(@Nullable Instantiation found, int evaluations) {}
