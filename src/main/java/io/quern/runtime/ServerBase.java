package io.quern.runtime;

import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a server and a manager have in common: employees that join and leave, the placing of
/// runtime tasks on them, the routing of results to them, and cancels.
///
/// An instance is a state machine for one thread: [#handleMessage] changes its tables and returns
/// what is to be done.
public abstract class ServerBase {

  /// A cancel on its way through the employees; while it is, it is a tombstone: whatever descends
  /// from the cancelled task is dropped. Since links keep order, nothing of it can come from an
  /// employee after its acknowledgement, so tombstones need not outlive the last one.
  private static final class Cancellation {
    private final Message.Cancel cancel;
    private final Set<LinkId> missing = new HashSet<>();
    private final @Nullable Runnable whenDone;

    private Cancellation(Message.Cancel cancel, @Nullable Runnable whenDone) {
      this.cancel = cancel;
      this.whenDone = whenDone;
    }
  }

  final CostEstimates costs = new CostEstimates();
  private final Map<LinkId, RuntimeEmployee> employees = new LinkedHashMap<>();
  private final TreeMap<Long, RuntimeEmployee> employeesById = new TreeMap<>();
  private final TransitionTable<EmployeePhase, EmployeePhase.Signal> employeeTable =
      EmployeePhase.table();
  private final ReadyTasks ready = new ReadyTasks();
  private final Map<Long, Cancellation> tombstones = new HashMap<>();
  private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
  private final List<SystemError> systemErrors = new ArrayList<>();
  private final long aheadNanos;
  private List<Effect> effects = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private long cancelCounter;
  private int rotation;

  /// @param aheadNanos how much work, by estimate, an employee may hold for each busy slot
  protected ServerBase(long aheadNanos) {
    this.aheadNanos = aheadNanos;
  }

  /// Handles one event.
  ///
  /// @param now the time, never earlier than in the call before
  /// @return what is to be done, in order
  public final List<Effect> handleMessage(Event event, Instant now) {
    return handleMessages(List.of(event), now);
  }

  /// Handles several events; what they cause is sent in fewer, larger messages.
  public final List<Effect> handleMessages(List<? extends Event> events, Instant now) {
    this.now = now;
    for (Event event : events) {
      try {
        dispatch(event);
      } catch (RuntimeException e) {
        handleSystemError(event, e);
      }
    }
    settle();
    List<Effect> done = effects;
    effects = new ArrayList<>();
    return done;
  }

  /// The dispatcher: one exhaustive switch.
  protected abstract void dispatch(Event event);

  /// Ends a round of events: places what can be placed.
  protected void settle() {
    placeReadyTasks();
  }

  /// The ids of an employee that has just connected.
  protected abstract IdBlock idsForNextEmployee();

  /// Takes back a task that an employee had not finished when its link closed.
  protected abstract void taskLost(RuntimeTask task);

  /// Isolates a failure: what caused it is dropped and counted, the loop goes on.
  protected void handleSystemError(Event event, RuntimeException failure) {
    drop(DropReason.SYSTEM_ERROR);
    systemErrors.add(new SystemError(event, failure));
  }

  /// An event that could not be handled.
  public record SystemError(Event event, RuntimeException failure) {}

  /// The failures since the last call, for the log.
  public final List<SystemError> takeSystemErrors() {
    if (systemErrors.isEmpty()) {
      return List.of();
    }
    List<SystemError> taken = List.copyOf(systemErrors);
    systemErrors.clear();
    return taken;
  }

  // Employees

  /// An employee has connected: it gets its ids.
  protected final void handleConnect(LinkId link) {
    IdBlock ids = idsForNextEmployee();
    RuntimeEmployee employee = new RuntimeEmployee(link, ids, employeeTable);
    if (employees.put(link, employee) != null) {
      throw new IllegalStateException(link + " was opened twice");
    }
    employeesById.put(ids.lower(), employee);
    send(link, new Message.Connect(ids));
  }

  protected final void handleStarted(LinkId link, Message.Started started) {
    employee(link).started(started.workers());
  }

  /// A link is gone, and the employee with it: its unfinished runtime tasks run elsewhere.
  protected void handleDisconnect(LinkId link) {
    RuntimeEmployee employee = employees.remove(link);
    if (employee == null) {
      return;
    }
    employeesById.remove(employee.ids().lower());
    employee.signal(EmployeePhase.Signal.LINK_CLOSED);
    for (Cancellation each : List.copyOf(tombstones.values())) {
      acknowledge(each, link);
    }
    employee.unfinished().reversed().forEach(this::taskLost);
  }

  /// Corrects the idle count. A submit may be on its way to an employee that says it is idle; the
  /// read receipt tells which submits it had seen, and the tasks of later ones are deducted.
  protected final void handleWaiting(LinkId link, Message.Waiting waiting) {
    employee(link).waiting(waiting.idleWorkers(), waiting.readReceipt());
  }

  protected final void handleUpdate(LinkId link, Message.Update update) {
    employee(link).updated(update.task(), update.taskDiff());
  }

  /// Stops every employee at once.
  protected void handleShutdown() {
    for (RuntimeEmployee employee : employees.values()) {
      if (employee.signal(EmployeePhase.Signal.SHUTDOWN)) {
        send(employee.link(), new Message.Shutdown());
      }
    }
  }

  /// The employee whose workers include this one.
  ///
  /// @throws IllegalArgumentException if there is none (any more)
  public final RuntimeEmployee getEmployeeResponsibleFor(long workerId) {
    RuntimeEmployee employee = responsible(workerId);
    if (employee == null) {
      throw new IllegalArgumentException("no employee of mine has worker " + workerId);
    }
    return employee;
  }

  /// Whether a worker is below this node.
  public final boolean isMyWorker(long workerId) {
    return responsible(workerId) != null;
  }

  private @Nullable RuntimeEmployee responsible(long workerId) {
    Map.Entry<Long, RuntimeEmployee> entry = employeesById.floorEntry(workerId);
    return entry != null && entry.getValue().ids().contains(workerId) ? entry.getValue() : null;
  }

  final RuntimeEmployee employee(LinkId link) {
    RuntimeEmployee employee = employees.get(link);
    if (employee == null) {
      throw new IllegalArgumentException(link + " is no link to an employee");
    }
    return employee;
  }

  public final List<RuntimeEmployee> employees() {
    return List.copyOf(employees.values());
  }

  protected final int totalWorkers() {
    int sum = 0;
    for (RuntimeEmployee each : employees.values()) {
      sum += each.takesWork() ? each.totalWorkers() : 0;
    }
    return sum;
  }

  protected final int numIdleWorkers() {
    int sum = 0;
    for (RuntimeEmployee each : employees.values()) {
      sum += each.takesWork() ? each.numIdleWorkers() : 0;
    }
    return sum;
  }

  // Scheduling

  /// Accepts runtime tasks to be placed; descendants of cancelled tasks are dropped.
  protected final void scheduleTasks(List<RuntimeTask> tasks) {
    if (tombstones.isEmpty()) {
      ready.add(tasks);
      return;
    }
    List<RuntimeTask> alive = new ArrayList<>(tasks.size());
    for (RuntimeTask task : tasks) {
      if (tombstones.values().stream().anyMatch(each -> task.isCoveredBy(each.cancel))) {
        drop(DropReason.CANCELLED_ANCESTOR);
      } else {
        alive.add(task);
      }
    }
    ready.add(alive);
  }

  private void placeReadyTasks() {
    if (ready.isEmpty() || employees.isEmpty()) {
      return;
    }
    assignTasks(ready)
        .forEach(
            (employee, tasks) -> {
              employee.submitted(tasks, costs);
              send(
                  employee.link(),
                  tasks.size() == 1
                      ? new Message.Submit(tasks.getFirst())
                      : new Message.SubmitBatch(tasks));
            });
  }

  /// An employee while tasks are assigned.
  private static final class Candidate {
    private final RuntimeEmployee employee;
    private final int order;
    private final List<RuntimeTask> assigned = new ArrayList<>();
    private int idle;
    private long nanos;

    private Candidate(RuntimeEmployee employee, int order) {
      this.employee = employee;
      this.order = order;
      idle = employee.numIdleWorkers();
      nanos = employee.inHandNanos();
    }

    private int numTasks() {
      return employee.numTasks() + assigned.size();
    }
  }

  /// Takes tasks that can be placed now and says where: idle workers first, the employee with most
  /// of them before the others, in turns; then the employees with the fewest tasks, as far as they
  /// may work ahead. What is left waits here, where it can still go to whoever is free first.
  private Map<RuntimeEmployee, List<RuntimeTask>> assignTasks(ReadyTasks tasks) {
    List<Candidate> candidates = new ArrayList<>(employees.size());
    int position = 0;
    rotation++;
    for (RuntimeEmployee each : employees.values()) {
      if (each.takesWork()) {
        candidates.add(new Candidate(each, Math.floorMod(position++ - rotation, employees.size())));
      }
    }
    PriorityQueue<Candidate> byIdle =
        new PriorityQueue<>(
            (a, b) ->
                a.idle != b.idle
                    ? Integer.compare(b.idle, a.idle)
                    : Integer.compare(a.order, b.order));
    byIdle.addAll(candidates);
    while (!tasks.isEmpty() && !byIdle.isEmpty() && byIdle.element().idle > 0) {
      Candidate best = byIdle.remove();
      best.idle--;
      give(best, tasks.remove());
      byIdle.add(best);
    }
    PriorityQueue<Candidate> byTasks =
        new PriorityQueue<>(
            (a, b) ->
                a.numTasks() != b.numTasks()
                    ? Integer.compare(a.numTasks(), b.numTasks())
                    : Integer.compare(a.order, b.order));
    byTasks.addAll(candidates);
    for (RuntimeTask next = tasks.peek(); next != null && !byTasks.isEmpty(); next = tasks.peek()) {
      Candidate best = byTasks.remove();
      if (mayWorkAhead(best.employee, best.nanos, costs.nanos(next.function()))) {
        give(best, tasks.remove());
        byTasks.add(best);
      }
    }
    Map<RuntimeEmployee, List<RuntimeTask>> assignments = new LinkedHashMap<>();
    for (Candidate each : candidates) {
      if (!each.assigned.isEmpty()) {
        assignments.put(each.employee, each.assigned);
      }
    }
    return assignments;
  }

  private void give(Candidate candidate, RuntimeTask task) {
    candidate.assigned.add(task);
    candidate.nanos += costs.nanos(task.function());
  }

  private boolean mayWorkAhead(RuntimeEmployee employee, long inHandNanos, long nanos) {
    return inHandNanos + nanos <= aheadNanos * employee.totalWorkers();
  }

  /// How many more tasks of a cost could be placed now.
  protected final int room(long nanos) {
    long room = -ready.size();
    for (RuntimeEmployee each : employees.values()) {
      if (each.takesWork()) {
        long ahead = (aheadNanos * each.totalWorkers() - each.inHandNanos()) / nanos;
        room += Math.max(each.numIdleWorkers(), ahead);
      }
    }
    return Math.clamp(room, 0, Integer.MAX_VALUE);
  }

  /// Takes a finished task off its employee's books; null if it is late.
  protected final @Nullable RuntimeTask finished(LinkId link, RuntimeTaskId id, long nanos) {
    RuntimeTask task = employee(link).finished(id);
    if (task == null) {
      drop(DropReason.LATE_RESULT);
      return null;
    }
    costs.saw(task.function(), nanos);
    return task;
  }

  /// Sends a result or failure on to the employee whose worker awaits it.
  protected final void sendResultDown(RuntimeTaskId task, Message message) {
    RuntimeEmployee employee = responsible(task.address().workerId());
    if (employee == null) {
      drop(DropReason.LATE_RESULT);
    } else {
      send(employee.link(), message);
    }
  }

  // Cancels

  protected final void broadcast(Message message) {
    for (RuntimeEmployee each : employees.values()) {
      if (each.takesWork()) {
        send(each.link(), message);
      }
    }
  }

  /// Ends a runtime task and its descendants everywhere below.
  ///
  /// @param whenDone runs once every employee has acknowledged
  protected final void broadcastCancel(
      RuntimeAddress address, int upToAttempt, @Nullable Runnable whenDone) {
    Message.Cancel cancel = new Message.Cancel(address, upToAttempt, ++cancelCounter);
    ready.removeCovered(cancel);
    Cancellation cancellation = new Cancellation(cancel, whenDone);
    for (RuntimeEmployee each : employees.values()) {
      if (each.takesWork()) {
        each.cancelled(cancel);
        cancellation.missing.add(each.link());
      }
    }
    tombstones.put(cancel.number(), cancellation);
    broadcast(cancel);
    if (cancellation.missing.isEmpty()) {
      acknowledge(cancellation, new LinkId(-1));
    }
  }

  protected final void handleAck(LinkId link, Message.Ack ack) {
    Cancellation cancellation = tombstones.get(ack.cancel());
    if (cancellation != null) {
      acknowledge(cancellation, link);
    }
  }

  private void acknowledge(Cancellation cancellation, LinkId link) {
    cancellation.missing.remove(link);
    if (cancellation.missing.isEmpty()) {
      tombstones.remove(cancellation.cancel.number());
      if (cancellation.whenDone != null) {
        cancellation.whenDone.run();
      }
    }
  }

  // Shared tools

  protected final void send(LinkId link, Message message) {
    emit(new Effect.Send(link, message));
  }

  protected final void emit(Effect effect) {
    effects.add(effect);
  }

  protected final Instant now() {
    return now;
  }

  protected final void drop(DropReason reason) {
    dropped.merge(reason, 1L, Long::sum);
  }

  /// Messages dropped so far, by reason.
  public final Map<DropReason, Long> dropped() {
    Map<DropReason, Long> copy = new EnumMap<>(DropReason.class);
    copy.putAll(dropped);
    return copy;
  }

  protected final int numReadyTasks() {
    return ready.size();
  }

  /// The employees' machine, for its diagram and for tests.
  public final TransitionTable<EmployeePhase, EmployeePhase.Signal> employeeTable() {
    return employeeTable;
  }

  /// Checks that nothing is left to do: no task waits or is out, no cancel is under way. Tests call
  /// it when everything should be over.
  ///
  /// @throws AssertionError with what is left
  public void checkIdle() {
    for (RuntimeEmployee each : employees.values()) {
      if (each.numTasks() != 0 || each.numIdleWorkers() != each.totalWorkers()) {
        throw new AssertionError(
            "%s has %d tasks and %d idle of %d workers"
                .formatted(
                    each.link(), each.numTasks(), each.numIdleWorkers(), each.totalWorkers()));
      }
    }
    if (!ready.isEmpty() || !tombstones.isEmpty()) {
      throw new AssertionError(
          ready.size() + " tasks and " + tombstones.size() + " tombstones are left");
    }
  }

  /// Checks what must hold across the tables; tests call it after every event.
  ///
  /// @throws AssertionError with what is wrong
  public void verify() {
    for (RuntimeEmployee each : employees.values()) {
      each.verify();
      if (employeesById.get(each.ids().lower()) != each) {
        throw new AssertionError(each.link() + " cannot be found by its ids");
      }
    }
    for (RuntimeTask task : ready.all()) {
      for (Cancellation each : tombstones.values()) {
        if (task.isCoveredBy(each.cancel)) {
          throw new AssertionError(task + " waits although an ancestor is cancelled");
        }
      }
    }
  }
}
