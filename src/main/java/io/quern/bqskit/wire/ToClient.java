package io.quern.bqskit.wire;

/// What is said to a client (BQSKit's `Compiler`).
public sealed interface ToClient {

  /// Answers CONNECT.
  record Ready() implements ToClient {}

  /// Makes the client close itself.
  record Failure(String text) implements ToClient {}

  /// @param result what the compilation task returned
  record Result(PickledValue result) implements ToClient {}

  record Status(CompilationStatus status) implements ToClient {}

  /// @param record a pickled `LogRecord`, or a pickled tuple of logger, level and message, as the
  ///   worker wrote it
  record Log(PickledValue record) implements ToClient {}

  /// Answers CANCEL.
  record Cancel() implements ToClient {}

  /// BQSKit's `CompilationStatus`, in the order of its numbers from 0.
  enum CompilationStatus {
    UNKNOWN,
    RUNNING,
    DONE
  }
}
