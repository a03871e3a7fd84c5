package io.quern.bqskit;

import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireTask;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The runtime tasks whose results pass the server on their way from one manager to another, each
/// with the manager that has it, until its result comes. A task whose result goes to a worker of
/// the manager that has it is not here: its result never passes.
final class HeldTasks {

  /// A task that has been handed out.
  static final class Held {
    private final WireTask task;
    private PythonManager holder;
    private final List<PickledValue> messages = new ArrayList<>(0);

    private Held(WireTask task, PythonManager holder) {
      this.task = task;
      this.holder = holder;
    }

    WireTask task() {
      return task;
    }

    PythonManager holder() {
      return holder;
    }

    /// What was communicated to it, oldest first.
    List<PickledValue> messages() {
      return messages;
    }
  }

  /// The held children of one runtime task: they share their breadcrumbs.
  private static final class Siblings {
    private final List<WireAddress> breadcrumbs;
    private final Map<WireAddress, Held> tasks = new LinkedHashMap<>();

    private Siblings(List<WireAddress> breadcrumbs) {
      this.breadcrumbs = breadcrumbs;
    }
  }

  private final Map<WireAddress, Held> byAddress = new HashMap<>();
  private final Map<WireAddress, Siblings> byParent = new HashMap<>();

  /// By each of their breadcrumbs.
  private final Map<WireAddress, Set<Siblings>> byAncestor = new HashMap<>();

  int size() {
    return byAddress.size();
  }

  void put(WireTask task, PythonManager holder) {
    Held known = byAddress.get(task.address());
    if (known != null) {
      known.holder = holder;
      return;
    }
    Held held = new Held(task, holder);
    byAddress.put(task.address(), held);
    byParent
        .computeIfAbsent(task.breadcrumbs().getLast(), _ -> siblings(task))
        .tasks
        .put(task.address(), held);
  }

  private Siblings siblings(WireTask task) {
    Siblings siblings = new Siblings(task.breadcrumbs());
    for (WireAddress ancestor : task.breadcrumbs()) {
      byAncestor.computeIfAbsent(ancestor, _ -> new HashSet<>()).add(siblings);
    }
    return siblings;
  }

  @Nullable Held get(WireAddress address) {
    return byAddress.get(address);
  }

  /// Forgets a task; null if it is not held.
  @Nullable Held remove(WireAddress address) {
    Held held = byAddress.remove(address);
    if (held != null) {
      Siblings siblings = byParent.get(held.task.breadcrumbs().getLast());
      if (siblings != null) {
        siblings.tasks.remove(address);
        if (siblings.tasks.isEmpty()) {
          forget(siblings);
        }
      }
    }
    return held;
  }

  private void forget(Siblings siblings) {
    byParent.remove(siblings.breadcrumbs.getLast());
    for (WireAddress ancestor : siblings.breadcrumbs) {
      Set<Siblings> descendants = byAncestor.get(ancestor);
      if (descendants != null) {
        descendants.remove(siblings);
        if (descendants.isEmpty()) {
          byAncestor.remove(ancestor);
        }
      }
    }
  }

  /// Forgets a task, held or not, and everything that has it among its breadcrumbs.
  void removeWithDescendants(WireAddress address) {
    remove(address);
    Set<Siblings> descendants = byAncestor.get(address);
    if (descendants != null) {
      for (Siblings siblings : List.copyOf(descendants)) {
        siblings.tasks.keySet().forEach(byAddress::remove);
        forget(siblings);
      }
    }
  }

  Collection<Held> all() {
    return byAddress.values();
  }
}
