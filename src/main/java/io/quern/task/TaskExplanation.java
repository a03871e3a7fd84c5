package io.quern.task;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a compilation task is where it is at one moment.
///
/// @param reason in one word
/// @param detail the same in a sentence
/// @param place where it stands in the queue; null if it is not in it
/// @param scheduling its priority and the labels it requires
/// @param labels every label that some slot offers now
/// @param managers direct reports of the server that take work
/// @param workers slots in all
/// @param idleWorkers slots without work
/// @param suitableWorkers slots whose labels suffice
/// @param manager which of the server's managers has its root; null if none has
/// @param outstanding its runtime tasks that are with the server's managers
/// @param waiting its runtime tasks that wait at the server
public record TaskExplanation(
    Reason reason,
    String detail,
    @Nullable Place place,
    Scheduling scheduling,
    List<String> labels,
    int managers,
    int workers,
    int idleWorkers,
    int suitableWorkers,
    @Nullable String manager,
    int outstanding,
    int waiting) {
  public TaskExplanation {
    labels = List.copyOf(labels);
  }

  /// The same with the name of the manager that has the root.
  public TaskExplanation at(String name) {
    return new TaskExplanation(
        reason,
        detail,
        place,
        scheduling,
        labels,
        managers,
        workers,
        idleWorkers,
        suitableWorkers,
        name,
        outstanding,
        waiting);
  }

  /// Why.
  public enum Reason {
    /// It is being stored.
    STORING,
    /// The server drains and starts nothing; it runs after the next start.
    DRAINING,
    /// No manager has joined.
    NO_MANAGER,
    /// No worker has the labels it requires; one that has them may join.
    NO_WORKER_WITH_LABELS,
    /// The store cannot be read at this moment; it is tried again.
    STORE_SLOW,
    /// It waits for its turn: others are before it, or no slot is free.
    WAITING_FOR_TURN,
    /// Its circuit is being read, or its attempt stored.
    STARTING,
    /// It has begun and its root waits for a slot.
    WAITING_FOR_SLOT,
    /// Its root is with a manager and wants a slot or has one.
    RUNNING,
    /// Its root awaits runtime tasks of its own.
    AWAITING,
    /// Its end is being stored.
    ENDING,
    /// It is over.
    ENDED
  }

  /// A place in the queue.
  ///
  /// @param before of its tenant's tasks, how many are served first
  /// @param ofTenant tasks of its tenant's that wait
  /// @param length tasks that wait, of all tenants
  /// @param tenants among whom turns go round, those of whom something waits
  public record Place(int before, int ofTenant, int length, int tenants) {}
}
