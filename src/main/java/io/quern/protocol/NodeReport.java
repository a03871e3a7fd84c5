package io.quern.protocol;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a manager, or a process of workers, says of itself and of whom it has below.
///
/// @param name as in its hello
/// @param address where its boss sees it; empty in what a node says of itself
/// @param engineVersion of its process
/// @param isWorker whether it was started for its slots alone, and not to manage
/// @param labels what the slots in its process offer
/// @param sinceMillis when it joined its boss, in milliseconds since 1970; of itself, when its
///   process began to work
/// @param slots in its own process
/// @param idle slots without work, its own and those below
/// @param tasks runtime tasks of its boss's that it has
/// @param waiting runtime tasks that wait there for a slot
/// @param below its direct reports in other processes
public record NodeReport(
    String name,
    String address,
    String engineVersion,
    boolean isWorker,
    List<String> labels,
    long sinceMillis,
    int slots,
    int idle,
    int tasks,
    int waiting,
    List<NodeReport> below) {

  /// No tree of managers is higher; what claims to be is refused.
  public static final int MAX_DEPTH = 16;

  public NodeReport {
    labels = List.copyOf(labels);
    below = List.copyOf(below);
  }

  /// Slots here and below.
  public int totalSlots() {
    int sum = slots;
    for (NodeReport each : below) {
      sum += each.totalSlots();
    }
    return sum;
  }

  /// Slots, here and below, whose process has every one of these labels.
  public int slotsWith(List<String> required) {
    int sum = labels.containsAll(required) ? slots : 0;
    for (NodeReport each : below) {
      sum += each.slotsWith(required);
    }
    return sum;
  }

  /// Adds up slots, here and below, by what they offer.
  public void countSlots(Map<Set<String>, Integer> byLabels) {
    if (slots > 0) {
      byLabels.merge(Set.copyOf(labels), slots, Integer::sum);
    }
    below.forEach(node -> node.countSlots(byLabels));
  }

  /// Every label that some slot offers.
  public Set<String> allLabels() {
    Set<String> all = new TreeSet<>(slots > 0 ? labels : List.of());
    below.forEach(node -> all.addAll(node.allLabels()));
    return all;
  }

  /// What is known of a node that has just joined.
  public static NodeReport joined(
      String name, String address, String engineVersion, List<String> labels, long atMillis) {
    return new NodeReport(
        name, address, engineVersion, false, labels, atMillis, 0, 0, 0, 0, List.of());
  }

  /// What a boss tells of this node.
  ///
  /// @param said what the node itself last said; null if nothing
  /// @param workers slots by the boss's books, as are the idle ones and the tasks
  public NodeReport now(@Nullable NodeReport said, int workers, int idleWorkers, int tasksGiven) {
    return said == null
        ? new NodeReport(
            name,
            address,
            engineVersion,
            isWorker,
            labels,
            sinceMillis,
            workers,
            idleWorkers,
            tasksGiven,
            0,
            List.of())
        : new NodeReport(
            said.name,
            address,
            said.engineVersion,
            said.isWorker,
            said.labels,
            sinceMillis,
            said.slots,
            idleWorkers,
            tasksGiven,
            said.waiting,
            said.below);
  }
}
