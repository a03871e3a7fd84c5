package io.quern.runtime;

import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.NodeReport;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A boss's view of one direct report, a manager or a worker.
public final class RuntimeEmployee {

  /// A task the employee was given and has not finished.
  private static final class Outstanding {
    private final RuntimeTask task;
    private final long nanos;
    private final long submit;

    /// Whether it wants a slot: started or not, but not awaiting others.
    private boolean isInHand = true;

    /// Whether it has awaited others, so that it goes on before anything is begun.
    private boolean hasAwaited;

    /// Whether the employee's own process executes it or descendants of it, as far as is known.
    private boolean isExecuting;

    private Outstanding(RuntimeTask task, long nanos, long submit) {
      this.task = task;
      this.nanos = nanos;
      this.submit = submit;
    }
  }

  /// One submit, kept until a read receipt makes it uninteresting.
  private record Submitted(long number, RuntimeTaskId first, int count) {}

  private LinkId link;
  private final IdBlock ids;

  /// Whether it is a process of its own: it keeps results until they are acknowledged, acknowledges
  /// those it gets, and may come back when its link breaks.
  private final boolean isNode;

  /// Whether it is a process that was started for one suspect after the other.
  private final boolean isCell;

  /// What came from it and is not acknowledged to it.
  private final Arrivals arrivals = new Arrivals();

  /// Results sent to it that it has not acknowledged, oldest first.
  private final Deque<Slip> deliveries = new ArrayDeque<>();

  private Timers.@Nullable Timer patience;

  /// Whether it has yet to say which of its tasks it still wants done.
  private boolean owesOpenSubmits;

  private final StateMachine<EmployeePhase, EmployeePhase.Signal> machine;
  private final Map<RuntimeTaskId, Outstanding> outstanding = new LinkedHashMap<>();
  private final Deque<Submitted> submitCache = new ArrayDeque<>();
  private long submits;
  private int totalWorkers;
  private int numIdleWorkers;
  private int numInHand;
  private long inHandNanos;
  private int backlogTasks;
  private long backlogNanos = 1;
  private int creditOut;
  private boolean hasSaidGoodbye;

  /// Tasks that left its books.
  private long numFinished;

  /// Whether it is looked whether it gets on with what it was given ahead.
  private boolean isWatched;

  /// What its own slots offer, until it says whom it has below.
  private List<String> labels = List.of();

  private @Nullable NodeReport roster;

  /// Of the tasks in hand, how many require which labels.
  private final Map<List<String>, Integer> inHandByLabels = new HashMap<>();

  RuntimeEmployee(
      LinkId link,
      IdBlock ids,
      boolean isNode,
      boolean isCell,
      TransitionTable<EmployeePhase, EmployeePhase.Signal> table) {
    this.isNode = isNode;
    this.isCell = isCell;
    this.link = link;
    this.ids = ids;
    machine = new StateMachine<>(table, EmployeePhase.CONNECTING);
  }

  public LinkId link() {
    return link;
  }

  public IdBlock ids() {
    return ids;
  }

  boolean isNode() {
    return isNode;
  }

  boolean isCell() {
    return isCell;
  }

  Arrivals arrivals() {
    return arrivals;
  }

  /// Results it will be sent again should it come back.
  Deque<Slip> deliveries() {
    return deliveries;
  }

  /// It has acknowledged so many more results.
  ///
  /// @throws IllegalArgumentException if it was not sent so many
  void taken(int results) {
    if (results < 0 || results > deliveries.size()) {
      throw new IllegalArgumentException(
          link + " acknowledges " + results + " results of " + deliveries.size());
    }
    for (int i = 0; i < results; i++) {
      deliveries.remove().done();
    }
  }

  /// Its link broke; until the timer fires it may come back.
  void away(Timers.Timer patience) {
    this.patience = patience;
    backlogTasks = 0;
    creditOut = 0;
  }

  /// It is at the other end of another link now.
  ///
  /// @return the timer that need not fire any more
  Timers.@Nullable Timer returned(LinkId newLink) {
    link = newLink;
    backlogTasks = 0;
    creditOut = 0;
    numIdleWorkers = 0;
    submitCache.clear();
    arrivals.startAnew();
    Timers.Timer unneeded = patience;
    patience = null;
    return unneeded;
  }

  /// It comes back and was not known in this life of its boss.
  void comesFromEarlierLife() {
    owesOpenSubmits = true;
  }

  void saidOpenSubmits() {
    owesOpenSubmits = false;
  }

  boolean owesOpenSubmits() {
    return owesOpenSubmits;
  }

  /// Takes back on the books what it says it has.
  void adopt(RuntimeTask task, boolean inHand, CostEstimates costs) {
    Outstanding entry = new Outstanding(task, costs.nanos(task.function()), submits);
    entry.isExecuting = inHand;
    outstanding.put(task.id(), entry);
    inHandNanos += entry.nanos;
    numInHand++;
    countByLabels(task, 1);
    if (!inHand) {
      takeOutOfHand(entry);
    }
  }

  boolean awaits(RuntimeTaskId id) {
    Outstanding entry = outstanding.get(id);
    return entry != null && !entry.isInHand;
  }

  boolean has(RuntimeTaskId id) {
    return outstanding.containsKey(id);
  }

  EmployeePhase phase() {
    return machine.state();
  }

  boolean takesWork() {
    return machine.is(EmployeePhase.STARTED) && !isCell;
  }

  /// Whether it is there for a suspect and has none.
  boolean isFreeCell() {
    return machine.is(EmployeePhase.STARTED) && isCell && outstanding.isEmpty();
  }

  /// Whether nothing at all runs there, also nothing that an earlier suspect has left behind.
  boolean isQuietCell() {
    return isFreeCell() && numIdleWorkers == totalWorkers;
  }

  /// Whether it may have runtime tasks of its boss: it takes some, or finishes what it has.
  boolean hasWork() {
    return machine.is(EmployeePhase.STARTED) || machine.is(EmployeePhase.LEAVING);
  }

  boolean isLeaving() {
    return hasSaidGoodbye;
  }

  boolean signal(EmployeePhase.Signal signal) {
    hasSaidGoodbye |= signal == EmployeePhase.Signal.SHUTDOWN;
    return machine.apply(signal, link);
  }

  /// The first time all workers are idle; later, those that are more or fewer.
  void started(int workers) {
    if (signal(EmployeePhase.Signal.STARTED)) {
      numIdleWorkers = Math.clamp(numIdleWorkers + (long) workers - totalWorkers, 0, workers);
      totalWorkers = workers;
    }
  }

  /// What every one of its slots offers.
  void labels(List<String> offered) {
    labels = offered;
  }

  /// Notes whom it has below.
  void roster(NodeReport said) {
    roster = said;
  }

  /// What it last said of itself and of whom it has below; null if nothing yet.
  @Nullable NodeReport roster() {
    return roster;
  }

  /// Slots that may run what requires these labels.
  int slotsWith(List<String> required) {
    NodeReport said = roster;
    if (said != null) {
      return said.slotsWith(required);
    }
    return labels.containsAll(required) ? totalWorkers : 0;
  }

  /// Adds up its slots by what they offer.
  void countSlots(Map<Set<String>, Integer> byLabels) {
    NodeReport said = roster;
    if (said != null) {
      said.countSlots(byLabels);
    } else if (totalWorkers > 0) {
      byLabels.merge(Set.copyOf(labels), totalWorkers, Integer::sum);
    }
  }

  /// How many tasks with these labels it could be given beyond those it has in hand that can only
  /// run on the same slots.
  int roomFor(List<String> required) {
    int slots = slotsWith(required);
    if (slots == 0 || inHandByLabels.isEmpty()) {
      return slots;
    }
    Map<Set<String>, Integer> byLabels = new HashMap<>();
    countSlots(byLabels);
    SlotKinds kinds = new SlotKinds(byLabels);
    return Math.max(0, slots - kinds.competing(inHandByLabels, kinds.suiting(required)));
  }

  /// Every label that some slot of it offers.
  Set<String> offers() {
    NodeReport said = roster;
    return said == null ? Set.copyOf(labels) : said.allLabels();
  }

  void backlog(Message.Backlog said) {
    backlogTasks = said.tasks();
    backlogNanos = said.nanosEach();
    creditOut = 0;
  }

  boolean wantsCredit() {
    return backlogTasks > 0 && creditOut == 0;
  }

  int backlogTasks() {
    return backlogTasks;
  }

  long backlogNanos() {
    return backlogNanos;
  }

  void granted(int credit) {
    creditOut = credit;
  }

  /// Tasks it may still hand in.
  int creditOut() {
    return creditOut;
  }

  int totalWorkers() {
    return totalWorkers;
  }

  /// Slots without work, less what is on its way to them.
  public int numIdleWorkers() {
    return numIdleWorkers;
  }

  /// Tasks submitted and not acknowledged by a result.
  public int numTasks() {
    return outstanding.size();
  }

  /// Tasks that want a slot.
  public int numInHand() {
    return numInHand;
  }

  /// How long the tasks that want a slot are expected to take.
  long inHandNanos() {
    return inHandNanos;
  }

  void submitted(List<RuntimeTask> tasks, CostEstimates costs) {
    submits++;
    // Until it says otherwise, what found an idle slot is executed.
    int idle = hasSlots() ? numIdleWorkers : 0;
    for (RuntimeTask task : tasks) {
      long nanos = costs.nanos(task.function());
      Outstanding entry = new Outstanding(task, nanos, submits);
      entry.isExecuting = idle-- > 0 && (isCell || !task.isSuspect());
      if (outstanding.put(task.id(), entry) != null) {
        throw new IllegalStateException(link + " was given twice: " + task);
      }
      inHandNanos += nanos;
      countByLabels(task, 1);
    }
    numInHand += tasks.size();
    numIdleWorkers -= Math.min(tasks.size(), numIdleWorkers);
    submitCache.add(new Submitted(submits, tasks.getFirst().id(), tasks.size()));
  }

  /// Takes a finished task off the books; null if the employee does not have it (any more).
  @Nullable RuntimeTask finished(RuntimeTaskId id) {
    Outstanding entry = outstanding.remove(id);
    if (entry == null) {
      return null;
    }
    numFinished++;
    takeOutOfHand(entry);
    // Links keep order, so a result is a read receipt too; without this, the cache of an employee
    // that is never idle would only grow.
    while (!submitCache.isEmpty() && submitCache.element().number < entry.submit) {
      submitCache.remove();
    }
    return entry.task;
  }

  /// Takes a task off the books that the employee has given back; null if it does not have it.
  ///
  /// The same task may be submitted here again, with which a read receipt would be of two submits.
  /// So an employee that gave back the task which its last receipt names has no receipt until it
  /// reads again, and the submits up to that one count as read by what it gave back: also if the
  /// task is off the books already, because it was cancelled meanwhile.
  @Nullable RuntimeTask givenBack(RuntimeTaskId id) {
    RuntimeTask task = finished(id);
    if (submitCache.stream().anyMatch(each -> each.first.equals(id))) {
      while (!submitCache.remove().first.equals(id)) {
        // Links keep order, so what was sent before it was read before it.
      }
    }
    return task;
  }

  /// Notes that a task awaits others (-1) or wants its slot again (+1).
  void updated(RuntimeTaskId id, int diff) {
    Outstanding entry = outstanding.get(id);
    if (entry == null) {
      return;
    }
    if (diff < 0) {
      entry.hasAwaited = true;
      takeOutOfHand(entry);
    } else if (!entry.isInHand) {
      entry.isInHand = true;
      numInHand++;
      inHandNanos += entry.nanos;
      countByLabels(entry.task, 1);
      numIdleWorkers -= Math.min(1, numIdleWorkers);
    }
  }

  private void takeOutOfHand(Outstanding entry) {
    if (entry.isInHand) {
      entry.isInHand = false;
      numInHand--;
      inHandNanos -= entry.nanos;
      countByLabels(entry.task, -1);
    }
  }

  private void countByLabels(RuntimeTask task, int diff) {
    List<String> required = task.compilation().scheduling().requires();
    if (!required.isEmpty()) {
      inHandByLabels.merge(required, diff, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  /// Tasks of one compilation that it has not finished.
  int numTasksOf(RuntimeTaskId root) {
    int sum = 0;
    for (Outstanding each : outstanding.values()) {
      sum += each.task.compilation().root().equals(root) ? 1 : 0;
    }
    return sum;
  }

  /// Whether it has a task, and the task wants a slot; null if it does not have it.
  @Nullable Boolean hasInHand(RuntimeTaskId id) {
    Outstanding entry = outstanding.get(id);
    return entry == null ? null : entry.isInHand;
  }

  /// Sets the idle count from what the employee said when it had read the receipt's submit only.
  ///
  /// @throws IllegalArgumentException if the receipt names no submit of this employee
  void waiting(int idleWorkers, @Nullable RuntimeTaskId readReceipt) {
    int unread = numTasksSentSince(readReceipt);
    numIdleWorkers = Math.clamp(idleWorkers - unread, 0, totalWorkers);
  }

  private int numTasksSentSince(@Nullable RuntimeTaskId readReceipt) {
    if (readReceipt != null) {
      if (submitCache.stream().noneMatch(each -> each.first.equals(readReceipt))) {
        throw new IllegalArgumentException(
            "the read receipt " + readReceipt + " is of no submit to " + link);
      }
      while (!submitCache.element().first.equals(readReceipt)) {
        submitCache.remove();
      }
    }
    int unread = 0;
    for (Submitted each : submitCache) {
      unread += each.first.equals(readReceipt) ? 0 : each.count;
    }
    return unread;
  }

  /// Forgets what a cancel covers: its results will not come, and if they do they are late.
  void cancelled(Message.Cancel cancel) {
    for (Iterator<Outstanding> each = outstanding.values().iterator(); each.hasNext(); ) {
      Outstanding entry = each.next();
      if (entry.task.isCoveredBy(cancel)) {
        takeOutOfHand(entry);
        each.remove();
      }
    }
  }

  /// Whether there are slots in its own process, and not only below it.
  private boolean hasSlots() {
    NodeReport said = roster;
    return said == null || said.slots() > 0;
  }

  /// Notes what its own process executes.
  void executing(Message.Executing said) {
    said.begun().forEach(id -> executing(id, true));
    said.ceased().forEach(id -> executing(id, false));
  }

  private void executing(RuntimeTaskId id, boolean isExecuting) {
    Outstanding entry = outstanding.get(id);
    if (entry != null) {
      entry.isExecuting = isExecuting;
    }
  }

  /// What a worker executes: it begins its tasks in their order, and goes on with one that has
  /// awaited before it begins another.
  List<RuntimeTask> onSlot() {
    List<RuntimeTask> tasks = new ArrayList<>(1);
    boolean hasFirst = false;
    for (Outstanding each : outstanding.values()) {
      if (each.isInHand && (each.hasAwaited || !hasFirst)) {
        hasFirst |= !each.hasAwaited;
        tasks.add(each.task);
      }
    }
    return tasks;
  }

  long numFinished() {
    return numFinished;
  }

  boolean isWatched() {
    return isWatched;
  }

  void watched(boolean isWatched) {
    this.isWatched = isWatched;
  }

  /// What it executes, as far as is known.
  List<RuntimeTask> executing() {
    if (!isNode) {
      return onSlot();
    }
    List<RuntimeTask> tasks = new ArrayList<>();
    for (Outstanding each : outstanding.values()) {
      if (each.isExecuting) {
        tasks.add(each.task);
      }
    }
    return tasks;
  }

  /// What it may not have begun.
  ///
  /// @param executed what it executes, by [#executing()]
  List<RuntimeTaskId> unstarted(List<RuntimeTask> executed) {
    Set<RuntimeTaskId> executing = new HashSet<>();
    executed.forEach(task -> executing.add(task.id()));
    List<RuntimeTaskId> tasks = new ArrayList<>();
    for (Outstanding each : outstanding.values()) {
      if (each.isInHand && !each.hasAwaited && !executing.contains(each.task.id())) {
        tasks.add(each.task.id());
      }
    }
    return tasks;
  }

  /// A task that is lost with the employee.
  ///
  /// @param isExecuting whether its process executed it or descendants of it
  record Unfinished(RuntimeTask task, boolean isExecuting) {}

  Set<RuntimeTaskId> unfinishedIds() {
    return outstanding.keySet();
  }

  /// What the employee has not finished, oldest first.
  List<Unfinished> unfinished() {
    List<Unfinished> tasks = new ArrayList<>(outstanding.size());
    outstanding.values().forEach(entry -> tasks.add(new Unfinished(entry.task, entry.isExecuting)));
    return tasks;
  }

  void verify() {
    long nanos = 0;
    int inHand = 0;
    for (Outstanding entry : outstanding.values()) {
      if (entry.isInHand) {
        nanos += entry.nanos;
        inHand++;
      }
    }
    if (nanos != inHandNanos || inHand != numInHand) {
      throw new AssertionError(
          "%s counts %d tasks in hand (%d ns), the books say %d (%d ns)"
              .formatted(link, numInHand, inHandNanos, inHand, nanos));
    }
    if (numIdleWorkers < 0 || numIdleWorkers > totalWorkers) {
      throw new AssertionError(
          link + " has " + numIdleWorkers + " idle of " + totalWorkers + " workers");
    }
  }
}
