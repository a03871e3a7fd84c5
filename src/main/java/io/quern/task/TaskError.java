package io.quern.task;

import io.quern.failure.ErrorCode;
import org.jspecify.annotations.Nullable;

/// Why a task failed.
///
/// @param detail what was expected and what happened
/// @param pass the pass that failed, if one did
/// @param block the block within the pass, if one is to blame
/// @param cause text of the underlying failure
public record TaskError(
    ErrorCode code,
    String detail,
    @Nullable String pass,
    @Nullable Integer block,
    @Nullable String cause) {}
