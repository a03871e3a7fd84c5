package io.quern.runtime;

import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.NodeReport;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The direct reports of a server or manager, by link and by the ids of the workers below them, and
/// what they have in all.
final class Employees implements Iterable<RuntimeEmployee> {

  /// Whose workers a block of ids belongs to; an employee may have several blocks.
  private record Responsible(IdBlock ids, RuntimeEmployee employee) {}

  private final Map<LinkId, RuntimeEmployee> byLink = new LinkedHashMap<>();
  private final TreeMap<Long, Responsible> byId = new TreeMap<>();

  /// @return who was there before
  @Nullable RuntimeEmployee put(LinkId link, RuntimeEmployee employee) {
    return byLink.put(link, employee);
  }

  @Nullable RuntimeEmployee remove(LinkId link) {
    return byLink.remove(link);
  }

  /// Ids of workers that are or will be below an employee.
  void give(IdBlock ids, RuntimeEmployee employee) {
    byId.put(ids.lower(), new Responsible(ids, employee));
  }

  /// Nobody has the ids of an employee any more.
  void takeIds(RuntimeEmployee employee) {
    byId.values().removeIf(each -> each.employee() == employee);
  }

  @Nullable RuntimeEmployee get(LinkId link) {
    return byLink.get(link);
  }

  /// @throws IllegalArgumentException if the link leads to no employee
  RuntimeEmployee require(LinkId link) {
    RuntimeEmployee employee = byLink.get(link);
    if (employee == null) {
      throw new IllegalArgumentException(link + " is no link to an employee");
    }
    return employee;
  }

  /// The employee whose workers include this one; null if there is none (any more).
  @Nullable RuntimeEmployee responsible(long workerId) {
    Map.Entry<Long, Responsible> entry = byId.floorEntry(workerId);
    return entry != null && entry.getValue().ids().contains(workerId)
        ? entry.getValue().employee()
        : null;
  }

  /// What an employee last said of itself and of whom it has below; null if nothing.
  @Nullable NodeReport reportOf(LinkId link) {
    RuntimeEmployee employee = byLink.get(link);
    return employee == null ? null : employee.slots().roster();
  }

  boolean isEmpty() {
    return byLink.isEmpty();
  }

  int size() {
    return byLink.size();
  }

  List<RuntimeEmployee> list() {
    return List.copyOf(byLink.values());
  }

  @Override
  public Iterator<RuntimeEmployee> iterator() {
    return Collections.unmodifiableCollection(byLink.values()).iterator();
  }

  int totalWorkers() {
    int sum = 0;
    for (RuntimeEmployee each : byLink.values()) {
      sum += each.takesWork() ? each.slots().total() : 0;
    }
    return sum;
  }

  int numIdleWorkers() {
    int sum = 0;
    for (RuntimeEmployee each : byLink.values()) {
      sum += each.takesWork() ? each.slots().idle() : 0;
    }
    return sum;
  }

  int numAtWork() {
    int sum = 0;
    for (RuntimeEmployee each : byLink.values()) {
      sum += each.takesWork() ? 1 : 0;
    }
    return sum;
  }

  /// The employee that has a task; null if none has.
  @Nullable LinkId whoHas(RuntimeTaskId task) {
    for (RuntimeEmployee each : byLink.values()) {
      if (each.workload().has(task)) {
        return each.link();
      }
    }
    return null;
  }

  /// Whether a task that an employee has wants a slot, and does not await others; null if none has
  /// it.
  @Nullable Boolean isInHand(RuntimeTaskId task) {
    LinkId link = whoHas(task);
    return link == null ? null : !require(link).workload().isAwaiting(task);
  }

  /// Runtime tasks of one compilation that employees have.
  int numTasksOut(RuntimeTaskId root) {
    int sum = 0;
    for (RuntimeEmployee each : byLink.values()) {
      sum += each.workload().numTasksOf(root);
    }
    return sum;
  }

  /// Every label that some slot offers.
  Set<String> labelsOffered() {
    Set<String> all = new TreeSet<>();
    for (RuntimeEmployee each : byLink.values()) {
      all.addAll(each.takesWork() ? each.slots().allLabels() : Set.of());
    }
    return all;
  }

  /// Slots that may run what requires these labels.
  int slotsWith(List<String> required) {
    int sum = 0;
    for (RuntimeEmployee each : byLink.values()) {
      sum += each.takesWork() ? each.slots().suiting(required) : 0;
    }
    return sum;
  }

  /// The slots there are, by what they offer.
  SlotKinds slotKinds() {
    Map<Set<String>, Integer> byLabels = new HashMap<>();
    for (RuntimeEmployee each : byLink.values()) {
      if (each.takesWork()) {
        each.slots().addTo(byLabels);
      }
    }
    return new SlotKinds(byLabels);
  }

  /// Whether a task is out and does not want a slot at this moment.
  boolean awaits(RuntimeTaskId task) {
    for (RuntimeEmployee each : byLink.values()) {
      if (each.workload().has(task)) {
        return each.workload().isAwaiting(task);
      }
    }
    return false;
  }

  /// What the workers in this process execute, with all ancestors.
  Set<RuntimeTaskId> executedHere() {
    Set<RuntimeTaskId> executed = new HashSet<>();
    for (RuntimeEmployee each : byLink.values()) {
      if (!each.isNode()) {
        for (RuntimeTask task : each.workload().onSlot()) {
          executed.add(task.id());
          executed.addAll(task.breadcrumbs().ancestors());
        }
      }
    }
    return executed;
  }

  /// The numbers of this moment of all but processes that were started for suspects.
  List<NodeStatistics.Employee> statistics() {
    List<NodeStatistics.Employee> all = new ArrayList<>(byLink.size());
    for (RuntimeEmployee each : byLink.values()) {
      if (!each.isCell()) {
        all.add(each.statistics());
      }
    }
    return all;
  }

  /// Checks that nobody has anything to do.
  ///
  /// @throws AssertionError with who has what
  void checkIdle() {
    for (RuntimeEmployee each : byLink.values()) {
      if (!each.workload().isEmpty() || each.slots().idle() != each.slots().total()) {
        throw new AssertionError(
            "%s has %d tasks and %d idle of %d workers: %s"
                .formatted(
                    each.link(),
                    each.numTasks(),
                    each.slots().idle(),
                    each.slots().total(),
                    each.workload()));
      }
    }
  }

  /// Checks what must hold of each at any moment.
  ///
  /// @throws AssertionError with what is wrong
  void verify() {
    for (RuntimeEmployee each : byLink.values()) {
      each.verify();
      if (responsible(each.ids().lower()) != each) {
        throw new AssertionError(each.link() + " cannot be found by its ids");
      }
    }
  }
}
