package io.quern.protocol;

import io.quern.failure.ErrorCode;
import org.jspecify.annotations.Nullable;

/// Why a runtime task failed, as it travels: text, no stack trace.
///
/// @param message what was expected and what happened
/// @param pass the pass that failed, if the function said so
/// @param block the block within the pass, if the function said so
/// @param cause text of the underlying failure
public record Failure(
    ErrorCode code,
    String message,
    @Nullable String pass,
    @Nullable Integer block,
    @Nullable String cause) {}
