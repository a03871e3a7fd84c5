package io.quern.runtime;

import io.quern.task.TaskState;
import java.util.Map;

/// The server's numbers at one moment.
///
/// @param storing submissions on their way to the store
/// @param queued tasks waiting for a worker
/// @param running tasks handed out, or about to be
/// @param ending tasks whose end is on the way to the store
/// @param workers slots of all employees
/// @param idleWorkers slots without work
/// @param accepted tasks accepted since the start
/// @param restarted attempts after the first since the start
/// @param deaths processes below that ended while they executed something, counted by task
/// @param poisoned tasks given up because they end whoever runs them
/// @param ended tasks ended since the start, by state
/// @param dropped messages dropped since the start, by reason
public record ServerStatistics(
    int storing,
    int queued,
    int running,
    int ending,
    int workers,
    int idleWorkers,
    long accepted,
    long restarted,
    long deaths,
    long poisoned,
    Map<TaskState, Long> ended,
    Map<DropReason, Long> dropped) {
  /// Of a server that does not run.
  public static final ServerStatistics NONE =
      new ServerStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of(), Map.of());

  public ServerStatistics {
    ended = Map.copyOf(ended);
    dropped = Map.copyOf(dropped);
  }
}
