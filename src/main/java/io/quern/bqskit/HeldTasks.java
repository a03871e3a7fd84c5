package io.quern.bqskit;

import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireTask;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The runtime tasks whose results pass the server on their way from one manager to another, each
/// with the manager that has it, until its result comes. A task whose result goes to a worker of
/// the manager that has it is not here: its result never passes.
///
/// What was communicated to a task is kept with it, since it wants all of it when it is handed out
/// again. Where there is no room for a message, its tasks are not repeatable from then on, and
/// nothing is kept for them any more.
final class HeldTasks {

  /// What a message takes beside its value, once for each task that keeps it.
  private static final int MESSAGE_BYTES = 64;

  /// A message that was communicated to tasks, and what it takes for each of them.
  private static final class Message {
    private final PickledValue value;
    private final long valueBytes;
    private int keepers;

    private Message(PickledValue value, int keepers) {
      this.value = value;
      this.keepers = keepers;
      valueBytes = value.size();
    }
  }

  /// A task that has been handed out.
  static final class Held {
    private final WireTask task;
    private PythonManager holder;
    private final List<Message> messages = new ArrayList<>(0);
    private boolean isRepeatable = true;

    private Held(WireTask task, PythonManager holder) {
      this.task = task;
      this.holder = holder;
    }

    /// Whether it can be handed out again with everything that was communicated to it.
    boolean isRepeatable() {
      return isRepeatable;
    }

    WireTask task() {
      return task;
    }

    PythonManager holder() {
      return holder;
    }

    /// What was communicated to it, oldest first.
    List<PickledValue> messages() {
      return messages.stream().map(message -> message.value).toList();
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

  private final long capacity;

  /// Of the messages that are kept.
  private long messageBytes;

  /// @param capacity most bytes of messages that are kept
  HeldTasks(long capacity) {
    this.capacity = capacity;
  }

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

  /// Keeps a message with those of the tasks it is for that are held.
  void communicated(Collection<WireAddress> addresses, PickledValue value) {
    Set<Held> takers = new LinkedHashSet<>();
    for (WireAddress address : addresses) {
      Held held = byAddress.get(address);
      if (held != null && held.isRepeatable) {
        takers.add(held);
      }
    }
    if (takers.isEmpty()) {
      return;
    }
    Message message = new Message(value, takers.size());
    long needed = message.valueBytes + (long) MESSAGE_BYTES * takers.size();
    if (messageBytes + needed > capacity) {
      for (Held taker : takers) {
        taker.isRepeatable = false;
        forgetMessages(taker);
      }
      return;
    }
    messageBytes += needed;
    takers.forEach(taker -> taker.messages.add(message));
  }

  private void forgetMessages(Held held) {
    for (Message message : held.messages) {
      message.keepers--;
      messageBytes -= MESSAGE_BYTES + (message.keepers == 0 ? message.valueBytes : 0);
    }
    held.messages.clear();
  }

  /// What the messages that are kept take.
  long messageBytes() {
    return messageBytes;
  }

  /// Forgets a task, if it is held.
  void remove(WireAddress address) {
    Held held = byAddress.remove(address);
    if (held != null) {
      forgetMessages(held);
      Siblings siblings = byParent.get(held.task.breadcrumbs().getLast());
      if (siblings != null) {
        siblings.tasks.remove(address);
        if (siblings.tasks.isEmpty()) {
          forget(siblings);
        }
      }
    }
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
        siblings.tasks.values().forEach(this::forgetMessages);
        siblings.tasks.keySet().forEach(byAddress::remove);
        forget(siblings);
      }
    }
  }

  Collection<Held> all() {
    return byAddress.values();
  }
}
