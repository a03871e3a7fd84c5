package io.quern.bqskit.wire;

import java.util.List;
import java.util.UUID;

/// What a client (BQSKit's `Compiler`) says.
public sealed interface FromClient {

  /// @param paths the client's `sys.path`
  record Connect(List<String> paths) implements FromClient {
    public Connect {
      paths = List.copyOf(paths);
    }
  }

  /// The client closes.
  record Disconnect() implements FromClient {}

  /// @param id chosen by the client
  /// @param loggingLevel Python's number; 0 where the task says `None`
  /// @param maxLoggingDepth -1 for any depth
  /// @param task the `CompilationTask`
  record Submit(UUID id, int loggingLevel, int maxLoggingDepth, PickledValue task)
      implements FromClient {}

  /// Wants the task's result as soon as it is there.
  record Request(UUID id) implements FromClient {}

  record Status(UUID id) implements FromClient {}

  record Cancel(UUID id) implements FromClient {}
}
