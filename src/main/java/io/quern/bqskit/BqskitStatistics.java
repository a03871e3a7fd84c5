package io.quern.bqskit;

import java.time.Instant;
import java.util.List;

/// The numbers of one moment.
///
/// @param clients connections of clients
/// @param unfinished tasks that are not over
/// @param heldTasks runtime tasks whose results will pass the server
/// @param ranAgain roots and runtime tasks handed out again after a manager was lost
/// @param lostManagers managers that have ended
/// @param dropped messages from managers that were to nobody's good, such as second results
/// @param refused submissions whose id was known
public record BqskitStatistics(
    int clients,
    List<Manager> managers,
    int unfinished,
    int heldTasks,
    long ranAgain,
    long lostManagers,
    long dropped,
    long refused) {
  public BqskitStatistics {
    managers = List.copyOf(managers);
  }

  /// @param name the address it was reached at
  /// @param isStarted whether it has said that it is ready
  /// @param since when it was reached
  /// @param tasks as far as is known: managers count wrongly
  public record Manager(
      long connection,
      String name,
      Instant since,
      boolean isStarted,
      int workers,
      int idle,
      int tasks) {}
}
