package io.quern.worker;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.protocol.Failure;
import org.jspecify.annotations.Nullable;

/// Turns what a function threw into what travels.
final class Failures {
  private Failures() {}

  static Failure of(RuntimeFunction<?, ?> function, Throwable thrown) {
    return switch (thrown) {
      case MailboxFuture.ChildFailedException child -> child.failure();
      case QuernException known ->
          new Failure(
              known.code(),
              textOf(known),
              known.details().get("pass") instanceof String pass ? pass : null,
              known.details().get("block") instanceof Integer block ? block : null,
              causeOf(known));
      case OutOfMemoryError memory ->
          new Failure(
              ErrorCode.OUT_OF_MEMORY,
              function.name() + " needs more memory than the worker has",
              null,
              null,
              textOf(memory));
      case StackOverflowError stack ->
          new Failure(
              ErrorCode.PASS_FAILED,
              function.name() + " recursed deeper than the worker's stack",
              null,
              null,
              textOf(stack));
      default ->
          new Failure(
              ErrorCode.PASS_FAILED,
              function.name() + " failed: " + textOf(thrown),
              null,
              null,
              whereOf(thrown));
    };
  }

  private static String textOf(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.getClass().getSimpleName() : message;
  }

  private static @Nullable String causeOf(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause == null ? null : whereOf(cause);
  }

  /// The exception and the line it came from: enough to find it, without a stack trace.
  private static String whereOf(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return trace.length == 0 ? thrown.toString() : thrown + " at " + trace[0];
  }
}
