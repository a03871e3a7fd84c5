package io.quern.bqskit.wire;

import java.util.List;

/// What is said to a `bqskit-manager`.
public sealed interface ToManager {

  /// The first message: the worker ids it may give out, from `lower` to below `upper`.
  record Connect(long lower, long upper) implements ToManager {}

  /// SUBMIT_BATCH; an empty one would end the manager.
  record Submit(List<WireTask> tasks) implements ToManager {
    public Submit {
      tasks = List.copyOf(tasks);
      if (tasks.isEmpty()) {
        throw new IllegalArgumentException("expected at least one task");
      }
    }
  }

  /// For a worker within the manager's range only.
  record Result(WireResult result) implements ToManager {}

  record Cancel(WireAddress address) implements ToManager {}

  /// @param payload as it came
  record Communicate(PickledValue payload) implements ToManager {}

  record ImportPath(List<String> paths) implements ToManager {
    public ImportPath {
      paths = List.copyOf(paths);
    }
  }

  record Shutdown() implements ToManager {}
}
