package io.quern.runtime;

import io.quern.protocol.NodeReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The slots of an employee, one for each worker below it: how many there are, how many are
/// believed idle, and what labels they offer.
final class Slots {
  private int total;
  private int idle;

  /// What its own slots offer, until it says whom it has below.
  private List<String> labels = List.of();

  private @Nullable NodeReport roster;

  /// There are so many now. At first all of them are idle; later, those that are more or fewer.
  void count(int workers) {
    idle = Math.clamp(idle + (long) workers - total, 0, workers);
    total = workers;
  }

  int total() {
    return total;
  }

  /// Slots without work, less what is on its way to them.
  int idle() {
    return idle;
  }

  /// So many are believed idle from now on, as far as there are so many.
  void idle(int believed) {
    idle = Math.clamp(believed, 0, total);
  }

  /// So many tasks want a slot that did not.
  void take(int tasks) {
    idle -= Math.min(tasks, idle);
  }

  /// What every one of its own slots offers.
  void labels(List<String> offered) {
    labels = offered;
  }

  /// Whom the employee has below, as it says.
  void roster(NodeReport said) {
    roster = said;
  }

  /// What the employee last said of itself and of whom it has below; null if nothing yet.
  @Nullable NodeReport roster() {
    return roster;
  }

  /// Whether there are slots in the employee's own process, and not only below it.
  boolean areOwn() {
    NodeReport said = roster;
    return said == null || said.slots() > 0;
  }

  /// Slots that may run what requires these labels.
  int suiting(List<String> required) {
    NodeReport said = roster;
    if (said != null) {
      return said.slotsWith(required);
    }
    return labels.containsAll(required) ? total : 0;
  }

  /// Adds the slots up by what they offer.
  void addTo(Map<Set<String>, Integer> byLabels) {
    NodeReport said = roster;
    if (said != null) {
      said.countSlots(byLabels);
    } else if (total > 0) {
      byLabels.merge(Set.copyOf(labels), total, Integer::sum);
    }
  }

  /// How many tasks that require these labels find a slot beside others that have to run on the
  /// same ones.
  ///
  /// @param others how many there are of them, by what they require
  int roomFor(List<String> required, Map<List<String>, Integer> others) {
    int suiting = suiting(required);
    if (suiting == 0 || others.isEmpty()) {
      return suiting;
    }
    Map<Set<String>, Integer> byLabels = new HashMap<>();
    addTo(byLabels);
    SlotKinds kinds = new SlotKinds(byLabels);
    return Math.max(0, suiting - kinds.competing(others, kinds.suiting(required)));
  }

  /// Every label that some slot offers.
  Set<String> allLabels() {
    NodeReport said = roster;
    return said == null ? Set.copyOf(labels) : said.allLabels();
  }

  /// Checks that the count of idle ones can be.
  ///
  /// @throws AssertionError if it cannot
  void verify(Object whose) {
    if (idle < 0 || idle > total) {
      throw new AssertionError(whose + " has " + idle + " idle of " + total + " workers");
    }
  }
}
