package io.quern.runtime;

import io.quern.protocol.CompilationContext;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.task.Scheduling;
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
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Runtime tasks that no employee has room for yet.
///
/// Tenants take turns by the time their tasks are expected to take (stride scheduling: Waldspurger,
/// Weihl, Stride Scheduling, 1995). Of one tenant, compilations of higher priority come first.
/// Among those of one priority, batches are taken newest first, so deep work is finished before
/// more is begun and few tasks are in mid-air at a time; within a batch the order is the
/// submitter's. Root tasks come last, oldest first.
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

  /// What waits of one tenant in one priority.
  private static final class Level {
    private final Deque<Batch> batches = new ArrayDeque<>();
    private final Deque<RuntimeTask> roots = new ArrayDeque<>();

    private boolean isEmpty() {
      return batches.isEmpty() && roots.isEmpty();
    }
  }

  /// What waits of one tenant.
  private static final class Lane {
    private final String tenant;
    private final long number;

    /// By priority; null where nothing has waited yet.
    private final @Nullable Level[] levels = new @Nullable Level[Scheduling.HIGHEST + 1];

    private long pass;

    private Lane(String tenant, long number, long pass) {
      this.tenant = tenant;
      this.number = number;
      this.pass = pass;
    }

    private Level level(int priority) {
      Level level = levels[priority];
      if (level == null) {
        level = new Level();
        levels[priority] = level;
      }
      return level;
    }

    /// The highest in which something waits; null if nothing does.
    private @Nullable Level highest() {
      for (int priority = Scheduling.HIGHEST; priority >= 0; priority--) {
        Level level = levels[priority];
        if (level != null && !level.isEmpty()) {
          return level;
        }
      }
      return null;
    }

    /// Those in which something has waited, lowest first.
    private List<Level> all() {
      List<Level> all = new ArrayList<>(levels.length);
      for (Level each : levels) {
        if (each != null) {
          all.add(each);
        }
      }
      return all;
    }

    private boolean isEmpty() {
      return highest() == null;
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
    Level level = null;
    int priority = -1;
    Deque<RuntimeTask> children = null;
    for (RuntimeTask task : batch) {
      CompilationContext compilation = task.compilation();
      if (lane == null || !lane.tenant.equals(compilation.tenant())) {
        lane = lane(compilation.tenant());
        level = null;
      }
      if (level == null || priority != compilation.scheduling().priority()) {
        priority = compilation.scheduling().priority();
        level = lane.level(priority);
        children = null;
      }
      if (task.breadcrumbs().depth() == 0) {
        level.roots.add(task);
      } else {
        if (children == null) {
          children = new ArrayDeque<>(batch.size());
          level.batches.push(new Batch(children, mayLeave));
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

  /// A tenant whose tasks have come back has a slot already: others that wait are before it.
  void letOthersGoFirst(String tenant) {
    Lane lane = lanes.get(tenant);
    if (lane != null && lane.pass <= virtualTime) {
      turns.remove(lane);
      lane.pass = virtualTime + 1;
      turns.add(lane);
    }
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
    Level level = lane == null ? null : lane.highest();
    if (level == null) {
      return null;
    }
    Batch newest = level.batches.peek();
    return newest == null ? level.roots.peek() : newest.tasks.peek();
  }

  /// Takes the task whose turn it is.
  RuntimeTask remove(CostEstimates costs) {
    Lane lane = turns.remove();
    virtualTime = lane.pass;
    Level level = Objects.requireNonNull(lane.highest(), "an empty lane has no turn");
    RuntimeTask task;
    Batch newest = level.batches.peek();
    if (newest == null) {
      task = level.roots.remove();
    } else {
      task = newest.tasks.remove();
      mayLeave -= newest.mayLeave ? 1 : 0;
      if (newest.tasks.isEmpty()) {
        level.batches.pop();
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
      // What has the least priority here would wait longest.
      for (Level level : lane.all()) {
        removeForBoss(level, limit, taken);
      }
      dropIfEmpty(lane);
    }
    size -= taken.size();
    mayLeave -= taken.size();
    return taken;
  }

  private static void removeForBoss(Level level, int limit, List<RuntimeTask> taken) {
    Iterator<Batch> oldest = level.batches.descendingIterator();
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
  }

  private void dropIfEmpty(Lane lane) {
    if (lane.isEmpty()) {
      lanes.remove(lane.tenant);
      turns.remove(lane);
    }
  }

  /// Something is said to those that are meant.
  void told(Message.Communicate said) {
    for (Lane lane : lanes.values()) {
      for (Level level : lane.all()) {
        level.batches.forEach(batch -> told(batch.tasks, said));
      }
    }
  }

  /// Each task in its place.
  static void told(Deque<RuntimeTask> tasks, Message.Communicate said) {
    for (int i = tasks.size(); i > 0; i--) {
      tasks.addLast(tasks.removeFirst().told(said));
    }
  }

  void removeCovered(Message.Cancel cancel) {
    removeIf(task -> task.isCoveredBy(cancel));
  }

  private void removeIf(Predicate<RuntimeTask> fits) {
    for (Lane lane : List.copyOf(lanes.values())) {
      for (Level level : lane.all()) {
        for (Iterator<Batch> each = level.batches.iterator(); each.hasNext(); ) {
          Batch batch = each.next();
          batch.tasks.removeIf(fits);
          if (batch.tasks.isEmpty()) {
            each.remove();
          }
        }
        level.roots.removeIf(fits);
      }
      dropIfEmpty(lane);
    }
    size = 0;
    mayLeave = 0;
    for (Lane lane : lanes.values()) {
      for (Level level : lane.all()) {
        size += level.roots.size();
        for (Batch batch : level.batches) {
          size += batch.tasks.size();
          mayLeave += batch.mayLeave ? batch.tasks.size() : 0;
        }
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
      for (Level level : lane.all()) {
        level.batches.forEach(batch -> all.addAll(batch.tasks));
        all.addAll(level.roots);
      }
    }
    return all;
  }
}
