package io.quern.runtime;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Runtime tasks that no employee has room for yet.
///
/// Tenants take turns by the time their tasks are expected to take (stride scheduling: Waldspurger,
/// Weihl, Stride Scheduling, 1995). Of one tenant, batches are taken newest first, so deep work is
/// finished before more is begun and few tasks are in mid-air at a time; within a batch the order
/// is the submitter's. Root tasks come last, oldest first.
final class ReadyTasks {

  /// What is not known to take less counts as this, so that one unknown function does not keep its
  /// tenant waiting.
  private static final long MAX_STRIDE = 1_000_000_000;

  /// Tasks that came together.
  private static final class Batch {
    private final Deque<RuntimeTask> tasks;
    private final boolean mayLeave;

    private Batch(Deque<RuntimeTask> tasks, boolean mayLeave) {
      this.tasks = tasks;
      this.mayLeave = mayLeave;
    }
  }

  /// What waits of one tenant.
  private static final class Lane {
    private final String tenant;
    private final long number;
    private final Deque<Batch> batches = new ArrayDeque<>();
    private final Deque<RuntimeTask> roots = new ArrayDeque<>();
    private long pass;

    private Lane(String tenant, long number, long pass) {
      this.tenant = tenant;
      this.number = number;
      this.pass = pass;
    }

    private boolean isEmpty() {
      return batches.isEmpty() && roots.isEmpty();
    }
  }

  private final Map<String, Lane> lanes = new HashMap<>();
  private final PriorityQueue<Lane> turns =
      new PriorityQueue<>(
          Comparator.<Lane>comparingLong(lane -> lane.pass).thenComparingLong(lane -> lane.number));
  private int size;
  private int mayLeave;
  private long laneCounter;

  /// Where the lane last served stood: a lane that begins to wait begins here.
  private long virtualTime;

  /// @param mayLeave whether those that are no roots may be handed back to the boss
  void add(List<RuntimeTask> batch, boolean mayLeave) {
    Lane lane = null;
    Deque<RuntimeTask> children = null;
    for (RuntimeTask task : batch) {
      String tenant = task.compilation().tenant();
      if (lane == null || !lane.tenant.equals(tenant)) {
        lane = lane(tenant);
        children = null;
      }
      if (task.breadcrumbs().depth() == 0) {
        lane.roots.add(task);
      } else {
        if (children == null) {
          children = new ArrayDeque<>(batch.size());
          lane.batches.push(new Batch(children, mayLeave));
        }
        children.add(task);
        this.mayLeave += mayLeave ? 1 : 0;
      }
    }
    size += batch.size();
  }

  private Lane lane(String tenant) {
    Lane lane = lanes.get(tenant);
    if (lane == null) {
      lane = new Lane(tenant, ++laneCounter, virtualTime);
      lanes.put(tenant, lane);
      turns.add(lane);
    }
    return lane;
  }

  int size() {
    return size;
  }

  /// How many may be handed back to the boss.
  int sizeMayLeave() {
    return mayLeave;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /// The task whose turn it is.
  @Nullable RuntimeTask peek() {
    Lane lane = turns.peek();
    if (lane == null) {
      return null;
    }
    Batch newest = lane.batches.peek();
    return newest == null ? lane.roots.peek() : newest.tasks.peek();
  }

  /// Takes the task whose turn it is.
  RuntimeTask remove(CostEstimates costs) {
    Lane lane = turns.remove();
    virtualTime = lane.pass;
    RuntimeTask task;
    Batch newest = lane.batches.peek();
    if (newest == null) {
      task = lane.roots.remove();
    } else {
      task = newest.tasks.remove();
      mayLeave -= newest.mayLeave ? 1 : 0;
      if (newest.tasks.isEmpty()) {
        lane.batches.pop();
      }
    }
    size--;
    lane.pass += Math.clamp(costs.nanos(task.function()), 1, MAX_STRIDE);
    if (lane.isEmpty()) {
      lanes.remove(lane.tenant);
    } else {
      turns.add(lane);
    }
    return task;
  }

  /// Takes tasks that may leave, the newest of the oldest batches first: they are farthest from
  /// being begun here, and large pieces of work.
  List<RuntimeTask> removeForBoss(int limit) {
    List<RuntimeTask> taken = new ArrayList<>(Math.min(limit, mayLeave));
    for (Lane lane : List.copyOf(lanes.values())) {
      Iterator<Batch> oldest = lane.batches.descendingIterator();
      while (taken.size() < limit && oldest.hasNext()) {
        Batch batch = oldest.next();
        if (!batch.mayLeave) {
          continue;
        }
        while (taken.size() < limit && !batch.tasks.isEmpty()) {
          taken.add(batch.tasks.removeLast());
        }
        if (batch.tasks.isEmpty()) {
          oldest.remove();
        }
      }
      dropIfEmpty(lane);
    }
    size -= taken.size();
    mayLeave -= taken.size();
    return taken;
  }

  private void dropIfEmpty(Lane lane) {
    if (lane.isEmpty()) {
      lanes.remove(lane.tenant);
      turns.remove(lane);
    }
  }

  void removeCovered(Message.Cancel cancel) {
    removeIf(task -> task.isCoveredBy(cancel));
  }

  private void removeIf(Predicate<RuntimeTask> fits) {
    for (Lane lane : List.copyOf(lanes.values())) {
      for (Iterator<Batch> each = lane.batches.iterator(); each.hasNext(); ) {
        Batch batch = each.next();
        batch.tasks.removeIf(fits);
        if (batch.tasks.isEmpty()) {
          each.remove();
        }
      }
      lane.roots.removeIf(fits);
      dropIfEmpty(lane);
    }
    size = 0;
    mayLeave = 0;
    for (Lane lane : lanes.values()) {
      size += lane.roots.size();
      for (Batch batch : lane.batches) {
        size += batch.tasks.size();
        mayLeave += batch.mayLeave ? batch.tasks.size() : 0;
      }
    }
  }

  /// Takes every task that fits.
  List<RuntimeTask> removeAll(Predicate<RuntimeTask> fits) {
    List<RuntimeTask> taken = new ArrayList<>();
    for (RuntimeTask task : all()) {
      if (fits.test(task)) {
        taken.add(task);
      }
    }
    if (!taken.isEmpty()) {
      Set<RuntimeTask> gone = Collections.newSetFromMap(new IdentityHashMap<>());
      gone.addAll(taken);
      removeIf(gone::contains);
    }
    return taken;
  }

  /// All of them, for checks.
  List<RuntimeTask> all() {
    List<RuntimeTask> all = new ArrayList<>(size);
    for (Lane lane : lanes.values()) {
      lane.batches.forEach(batch -> all.addAll(batch.tasks));
      all.addAll(lane.roots);
    }
    return all;
  }
}
