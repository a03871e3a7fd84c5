package io.quern.runtime;

import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A boss's view of one direct report, a manager or a worker: where it is ([EmployeePhase]), what
/// slots it has, what it was given, and what is on the way between the two.
public final class RuntimeEmployee {
  private LinkId link;
  private final IdBlock ids;

  /// Whether it is a process of its own: it keeps results until they are acknowledged, acknowledges
  /// those it gets, and may come back when its link breaks.
  private final boolean isNode;

  /// Whether it is a process that was started for one suspect after the other.
  private final boolean isCell;

  private final StateMachine<EmployeePhase, EmployeePhase.Signal> machine;
  private boolean hasSaidGoodbye;
  private final Slots slots = new Slots();
  private final Workload workload = new Workload();
  private final SubmitCache submitCache = new SubmitCache();
  private final Backlog backlog = new Backlog();

  /// What came from it and is not acknowledged to it.
  private final Arrivals arrivals = new Arrivals();

  /// Results sent to it that it has not acknowledged, oldest first.
  private final Deque<Slip> deliveries = new ArrayDeque<>();

  private Timers.@Nullable Timer patience;

  /// Whether it has yet to say which of its tasks it still wants done.
  private boolean owesOpenSubmits;

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

  // Where it is

  EmployeePhase phase() {
    return machine.state();
  }

  boolean takesWork() {
    return machine.is(EmployeePhase.STARTED) && !isCell;
  }

  /// Whether it is there for a suspect and has none.
  boolean isFreeCell() {
    return machine.is(EmployeePhase.STARTED) && isCell && workload.isEmpty();
  }

  /// Whether nothing at all runs there, also nothing that an earlier suspect has left behind.
  boolean isQuietCell() {
    return isFreeCell() && slots.idle() == slots.total();
  }

  /// Whether it may have runtime tasks of its boss: it takes some, finishes what it has, or has
  /// brought some from an earlier life of its boss and is not ready for more.
  boolean hasWork() {
    return machine.is(EmployeePhase.STARTED)
        || machine.is(EmployeePhase.LEAVING)
        || machine.is(EmployeePhase.CONNECTING) && owesOpenSubmits;
  }

  boolean isLeaving() {
    return hasSaidGoodbye;
  }

  boolean signal(EmployeePhase.Signal signal) {
    hasSaidGoodbye |= signal == EmployeePhase.Signal.SHUTDOWN;
    return machine.apply(signal, link);
  }

  /// Its workers are ready, or there are more or fewer of them now.
  void started(int workers) {
    if (signal(EmployeePhase.Signal.STARTED)) {
      slots.count(workers);
    }
  }

  // What it has

  Slots slots() {
    return slots;
  }

  Workload workload() {
    return workload;
  }

  Backlog backlog() {
    return backlog;
  }

  /// Slots without work, less what is on its way to them.
  public int numIdleWorkers() {
    return slots.idle();
  }

  /// Tasks submitted and not acknowledged by a result.
  public int numTasks() {
    return workload.size();
  }

  /// Tasks that want a slot.
  public int numInHand() {
    return workload.numInHand();
  }

  /// How many tasks with these labels it could be given beyond those it has in hand that can only
  /// run on the same slots.
  int roomFor(List<String> required) {
    return slots.roomFor(required, workload.inHandByLabels());
  }

  /// Tasks are being sent to it.
  ///
  /// @throws IllegalStateException if it has one of them
  void submitted(List<RuntimeTask> tasks, CostEstimates costs) {
    long submit = submitCache.add(tasks.getFirst().id(), tasks.size());
    // Until it says otherwise, what found an idle slot is executed.
    int idle = slots.areOwn() ? slots.idle() : 0;
    for (RuntimeTask task : tasks) {
      boolean isExecuting = idle-- > 0 && (isCell || !task.isSuspect());
      if (!workload.add(task, costs.nanos(task.function()), submit, isExecuting)) {
        throw new IllegalStateException(link + " was given twice: " + task);
      }
    }
    slots.take(tasks.size());
  }

  /// Takes back on the books what it says it has.
  void adopt(RuntimeTask task, boolean isInHand, CostEstimates costs) {
    workload.add(task, costs.nanos(task.function()), submitCache.newest(), isInHand);
    if (!isInHand) {
      workload.awaitsOthers(task.id());
    }
  }

  /// Takes a finished task off the books; null if the employee does not have it (any more).
  @Nullable RuntimeTask finished(RuntimeTaskId id) {
    Workload.Outstanding entry = workload.finish(id);
    if (entry == null) {
      return null;
    }
    // Links keep order, so a result is a read receipt too; without this, the cache of an employee
    // that is never idle would only grow.
    submitCache.readUpTo(entry.submit());
    return entry.task();
  }

  /// Takes a task off the books that the employee has given back; null if it does not have it. It
  /// counts as read also if it is off the books already, because it was cancelled meanwhile.
  @Nullable RuntimeTask givenBack(RuntimeTaskId id) {
    RuntimeTask task = finished(id);
    submitCache.givenBack(id);
    return task;
  }

  /// Notes that a task awaits others (-1) or wants its slot again (+1).
  void updated(RuntimeTaskId id, int diff) {
    if (diff < 0) {
      workload.awaitsOthers(id);
    } else if (workload.wantsSlotAgain(id)) {
      slots.take(1);
    }
  }

  /// Sets the idle count from what the employee said when it had read the receipt's submit only.
  ///
  /// @throws IllegalArgumentException if the receipt names no submit of this employee
  void waiting(int idleWorkers, @Nullable RuntimeTaskId readReceipt) {
    if (readReceipt != null && !submitCache.isReceipt(readReceipt)) {
      throw new IllegalArgumentException(
          "the read receipt " + readReceipt + " is of no submit to " + link);
    }
    slots.idle(idleWorkers - submitCache.numTasksSince(readReceipt));
  }

  /// What it executes, as far as is known.
  List<RuntimeTask> executing() {
    return isNode ? workload.executing() : workload.onSlot();
  }

  // What is on the way between it and its boss

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
    backlog.forget();
  }

  /// It is at the other end of another link now.
  ///
  /// @return the timer that need not fire any more
  Timers.@Nullable Timer returned(LinkId newLink) {
    link = newLink;
    backlog.forget();
    slots.idle(0);
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

  /// The numbers of this moment.
  NodeStatistics.Employee statistics() {
    return new NodeStatistics.Employee(
        link,
        phase(),
        ids.lower(),
        slots.total(),
        slots.idle(),
        workload.size(),
        workload.numInHand(),
        backlog.tasks(),
        slots.roster());
  }

  void verify() {
    workload.verify(link);
    slots.verify(link);
  }
}
