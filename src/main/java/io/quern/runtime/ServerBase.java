package io.quern.runtime;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.NodeReport;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.DeathCount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a server and a manager have in common: employees that join and leave, the placing of
/// runtime tasks on them, the routing of results to them, and cancels.
///
/// An instance is a state machine for one thread: [#handleMessage] changes its tables and returns
/// what is to be done. Each table is a class of its own; here is, for each thing that can happen,
/// which of them change together.
public abstract class ServerBase {
  final CostEstimates costs = new CostEstimates();

  /// The direct reports.
  final Employees employees = new Employees();

  /// When what happens later.
  final Timers timers = new Timers();

  final Cancellations cancels = new Cancellations();
  final DeathToll toll;
  final Reattachment reattachment;
  final Room room;
  private final TransitionTable<EmployeePhase, EmployeePhase.Signal> employeeTable =
      EmployeePhase.table();
  private final Cells cells = new Cells(this);
  private final WaitingTasks waiting = new WaitingTasks(cells, this::takesIntoCell, costs);
  private final Departures departures = new Departures(employees, this::now);
  private final Assignment assignment;
  private final Recalls recalls;
  private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
  private final List<SystemError> systemErrors = new ArrayList<>();

  /// Links to processes of their own.
  private final Set<LinkId> nodes = new HashSet<>();

  private List<Effect> effects = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private @Nullable Instant armed;
  private long rerun;

  /// @param ahead how far employees may work ahead
  /// @param poisonDeaths how many processes may end while they execute a task before it is given
  ///   up; 0 for any number, and then none is counted
  /// @param grace how long a node whose link broke may take to come back
  protected ServerBase(WorkAhead ahead, int poisonDeaths, Duration grace) {
    toll = new DeathToll(poisonDeaths);
    reattachment = new Reattachment(this, grace);
    room = new Room(employees, departures, waiting, ahead);
    assignment =
        new Assignment(employees, departures, costs, ahead, this::isUrgent, this::placesTasks);
    recalls = new Recalls(ahead, costs, timers, this::now, this::send);
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
        if (event instanceof Event.Received received
            && reattachment.isSuperseded(received.link())) {
          drop(DropReason.LATE_RESULT);
        } else {
          dispatch(event);
        }
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
    cells.place();
    grantCredits();
    acknowledgeResults();
    Instant next = timers.next();
    if (next != null && !next.equals(armed)) {
      armed = next;
      emit(new Effect.ArmTimer(next));
    }
  }

  /// What an employee says of itself, or of what it was given.
  protected final void handleEmployee(LinkId link, Message.FromEmployee message) {
    switch (message) {
      case Message.Waiting said -> handleWaiting(link, said);
      case Message.Update(RuntimeTaskId task, int diff) ->
          employees.require(link).updated(task, diff);
      case Message.Started(int workers) -> employees.require(link).started(workers);
      case Message.MoreIds() -> handleMoreIds(link);
      case Message.Ack(long cancel) -> handleAck(link, cancel);
      case Message.Backlog backlog -> employees.require(link).backlog().update(backlog);
      case Message.Executing executing -> employees.require(link).workload().executing(executing);
      case Message.Recalled(List<RuntimeTaskId> tasks) -> handleRecalled(link, tasks);
      case Message.Lost lost -> handleLost(link, lost);
      case Message.Drain(List<RuntimeTaskId> unstarted) -> handleDrain(link, unstarted);
      case Message.Roster(NodeReport node) -> employees.require(link).slots().roster(node);
      case Message.Inventory inventory -> reattachment.inventory(link, inventory);
      case Message.OpenSubmits open -> reattachment.openSubmits(link, open);
    }
  }

  /// An employee gives back what it has not begun.
  private void handleRecalled(LinkId link, List<RuntimeTaskId> recalled) {
    RuntimeEmployee employee = employees.require(link);
    List<RuntimeTask> back = new ArrayList<>();
    for (RuntimeTaskId id : recalled) {
      RuntimeTask task = employee.givenBack(id);
      if (task != null) {
        back.add(task);
      }
    }
    takeBack(back);
    back.forEach(task -> waiting.letOthersGoFirst(task.compilation().tenant()));
  }

  /// Does something with tasks that employees have given back.
  protected void takeBack(List<RuntimeTask> tasks) {
    scheduleTasks(tasks, false);
  }

  /// Asks every employee for what it has of these and has not begun.
  protected final void recallAll(Predicate<RuntimeTaskId> wanted) {
    for (RuntimeEmployee each : employees) {
      List<RuntimeTaskId> here =
          each.hasWork() ? each.workload().ids().stream().filter(wanted).toList() : List.of();
      if (!here.isEmpty()) {
        send(each.link(), new Message.Recall(here));
      }
    }
  }

  /// Tells nodes which of their results have come to where they are for.
  private void acknowledgeResults() {
    for (RuntimeEmployee each : employees) {
      int done = each.phase() == EmployeePhase.AWAY ? 0 : each.arrivals().takeDone();
      if (done > 0) {
        send(each.link(), new Message.Taken(done));
      }
    }
  }

  /// The ids of an employee that has just connected; null if there are none at this moment.
  protected abstract @Nullable IdBlock idsForNextEmployee(LinkId link);

  /// Takes back a task that an employee had not finished when its link closed.
  ///
  /// @param death how that counts against it
  protected abstract void taskLost(RuntimeTask task, Death death);

  /// Whether a suspect is to run alone in a worker process that is started from here.
  protected boolean takesIntoCell(RuntimeTask suspect) {
    return false;
  }

  /// Whether a root that nothing of its tenant is out beside may be given ahead to a busy employee,
  /// where it gets the next slot.
  protected boolean isUrgent(RuntimeTask task) {
    return false;
  }

  /// Notes that a task was given to an employee.
  protected void placed(RuntimeTask task) {}

  /// A message that speaks for somebody else's workers.
  private static final class ForgedAddressException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private ForgedAddressException(String message) {
      super(message);
    }
  }

  /// @throws IllegalArgumentException if a task submitted from below awaits its result elsewhere;
  ///   who sent it is cut off
  protected final void checkSubmitter(LinkId link, List<RuntimeTask> tasks) {
    RuntimeEmployee sender = employees.require(link);
    for (RuntimeTask task : tasks) {
      if (employees.responsible(task.id().address().workerId()) != sender
          || task.breadcrumbs().depth() == 0) {
        throw new ForgedAddressException(link + " submitted " + task + ", which is not its own");
      }
    }
  }

  /// Whether an address is that of a worker below the sender; it may be gone by now.
  ///
  /// @throws IllegalArgumentException if it is below somebody else; who sent it is cut off
  private boolean isOfSender(LinkId link, RuntimeAddress address) {
    RuntimeEmployee owner = employees.responsible(address.workerId());
    if (owner == null && address.workerId() != RuntimeAddress.SERVER) {
      drop(DropReason.LATE_RESULT);
      return false;
    }
    if (owner == null || !owner.link().equals(link)) {
      throw new ForgedAddressException(link + " speaks for " + address);
    }
    return true;
  }

  /// Isolates a failure: what caused it is dropped and counted, the loop goes on.
  protected void handleSystemError(Event event, RuntimeException failure) {
    if (failure instanceof ForgedAddressException && event instanceof Event.Received received) {
      drop(DropReason.FORGED_ADDRESS);
      emit(new Effect.CutOff(received.link(), String.valueOf(failure.getMessage()), true));
      return;
    }
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
  protected final void handleConnect(LinkId link, boolean isNode) {
    if (isNode) {
      nodes.add(link);
    }
    IdBlock ids = idsForNextEmployee(link);
    if (ids != null) {
      connect(link, ids);
    }
  }

  /// A worker process that was asked for has joined.
  protected final void handleCell(LinkId link) {
    cells.opened(link);
    handleConnect(link, true);
  }

  /// Gives a new employee its ids.
  protected final void connect(LinkId link, IdBlock ids) {
    RuntimeEmployee employee =
        new RuntimeEmployee(link, ids, nodes.contains(link), cells.has(link), employeeTable);
    if (employees.put(link, employee) != null) {
      throw new IllegalStateException(link + " was opened twice");
    }
    employee.slots().labels(labelsOf(link));
    addIds(employee, ids);
  }

  /// What the slots of an employee offer that says nothing of itself.
  protected List<String> labelsOf(LinkId link) {
    return List.of();
  }

  private void addIds(RuntimeEmployee employee, IdBlock ids) {
    employees.give(ids, employee);
    send(employee.link(), new Message.Connect(ids));
  }

  /// An employee has given all its ids to employees of its own.
  private void handleMoreIds(LinkId link) {
    RuntimeEmployee employee = employees.require(link);
    IdBlock ids = idsForNextEmployee(link);
    if (ids != null) {
      addIds(employee, ids);
    }
  }

  /// A node will leave then, and hand over what it has not finished: nothing is placed there that
  /// is expected to take longer.
  protected final void handleLeaving(LinkId link, Instant at) {
    departures.announce(link, at);
  }

  /// Gives an employee the further ids it waits for.
  protected final void connectFurther(LinkId link, IdBlock ids) {
    RuntimeEmployee employee = employees.get(link);
    if (employee == null) {
      connect(link, ids);
    } else {
      addIds(employee, ids);
    }
  }

  /// A link is gone, and the employee with it: its unfinished runtime tasks run elsewhere.
  ///
  /// @param hasEnded whether its process has ended, and was not merely given up
  protected void handleDisconnect(LinkId link, boolean hasEnded) {
    cells.closed(link);
    reattachment.forget(link);
    RuntimeEmployee employee = detach(link);
    if (employee == null) {
      return;
    }
    employees.takeIds(employee);
    employee.signal(EmployeePhase.Signal.LINK_CLOSED);
    employee.deliveries().forEach(Slip::done);
    employee
        .workload()
        .all()
        .reversed()
        .forEach(lost -> taskLost(lost.task(), death(employee, lost, hasEnded)));
  }

  /// What has nothing else counts even if it was only silent: it is ended then.
  private static Death death(
      RuntimeEmployee employee, Workload.Outstanding lost, boolean hasEnded) {
    if (employee.isLeaving()) {
      return Death.NONE;
    } else if (employee.isCell()) {
      return Death.ALONE;
    }
    return hasEnded && lost.isExecuting() ? Death.SHARED : Death.NONE;
  }

  /// Nothing is known of a link any more, and no acknowledgement is waited for on it.
  ///
  /// @return who was at its other end; null if nobody
  final @Nullable RuntimeEmployee detach(LinkId link) {
    departures.forget(link);
    nodes.remove(link);
    RuntimeEmployee employee = employees.remove(link);
    cancels.forget(link);
    return employee;
  }

  /// A node that has worked here before is at the other end of a link.
  ///
  /// @param ids all it was given
  final void attach(LinkId link, RuntimeEmployee employee, List<IdBlock> ids) {
    nodes.add(link);
    employees.put(link, employee);
    ids.forEach(each -> employees.give(each, employee));
  }

  /// A link broke. A node that works may come back for a while, and until then nothing of it is
  /// lost. A process that ends breaks its link at once: if nothing had been heard for long, it is
  /// the connection that ended.
  protected final void handleCut(LinkId link, Duration silence) {
    RuntimeEmployee employee = employees.get(link);
    boolean hasEnded = silence.isZero();
    Runnable giveUp = () -> handleDisconnect(link, hasEnded);
    if (employee != null && reattachment.waitsFor(employee, silence, giveUp)) {
      cancels.forget(link);
    } else {
      giveUp.run();
    }
  }

  /// A node is there that says it worked for this one before; its inventory tells.
  protected final void handleReturn(LinkId link) {
    reattachment.announced(link);
  }

  /// Whether ids that a returning node says are its own were given out here, in this life or an
  /// earlier one.
  protected abstract boolean areMine(List<IdBlock> ids);

  /// Whether a task that a node brings back, which this life did not give it, is to go on there. It
  /// is on the node's books if so.
  ///
  /// @param underWay tasks of which a run waits here or is out
  protected abstract boolean goesOn(RuntimeTask task, Set<RuntimeAddress> underWay);

  /// Tasks from below that the boss has placed or will.
  protected Collection<RuntimeTask> handedToBoss() {
    return List.of();
  }

  /// Runs what a node that came back wants done and nobody knows of.
  protected void resubmitted(LinkId link, List<RuntimeTask> tasks) {
    scheduleTasks(tasks, false);
  }

  /// Whether a link leads to a process of its own.
  protected final boolean isNode(LinkId link) {
    return nodes.contains(link);
  }

  /// The time asked for by an [Effect.ArmTimer] has come.
  protected final void fireTimers() {
    // Whatever is next has to be asked for again, also if the clock was set back meanwhile.
    armed = null;
    timers.fire(now);
  }

  /// Does something later.
  protected final void after(Duration pause, Runnable action) {
    timers.schedule(now.plus(pause), action);
  }

  /// An employee has the next so many of the results it was sent where they are for.
  protected final void handleTaken(LinkId link, Message.Taken taken) {
    employees.require(link).taken(taken.results());
  }

  /// Notes a result that came from below; null if it is a double.
  protected final @Nullable Slip arrive(LinkId link, RuntimeTaskId task, Message message) {
    RuntimeEmployee employee = employees.require(link);
    return employee.isNode() ? employee.arrivals().arrive(task, message) : new Slip(task, message);
  }

  /// Runs a task of this one's workers again that was lost with an employee. What the lost run had
  /// begun elsewhere is ended first; a task that too many processes executed as they ended is given
  /// up, since it may be what ends them: whoever awaits it is told.
  protected final void runAgain(RuntimeTask task, Death death) {
    RuntimeTaskId id = task.id();
    broadcastCancel(id.address(), id.attempt(), null);
    DeathCount deaths = toll.count(task.deaths(), death);
    if (toll.givesUp(deaths)) {
      sendResultDown(id, new Message.Error(id, RuntimeAddress.SERVER, Death.failure(deaths), 0));
    } else {
      rerun++;
      scheduleTasks(
          List.of(inNextRun(task).withDeaths(deaths)), isMyWorker(id.address().workerId()));
    }
  }

  /// A task that was lost, in a run that nobody has begun yet.
  protected RuntimeTask inNextRun(RuntimeTask task) {
    return task.again();
  }

  /// Deaths that were counted, one for each task that a process executed as it ended.
  public final long deaths() {
    return toll.deaths();
  }

  /// Tasks that were given up because they end whoever runs them.
  public final long poisoned() {
    return toll.poisoned();
  }

  /// Runtime tasks that were begun again because an employee was lost.
  public final long rerun() {
    return rerun;
  }

  /// A process below an employee ended that had a task of mine.
  private void handleLost(LinkId link, Message.Lost lost) {
    RuntimeTask task = employees.require(link).finished(lost.task());
    if (task == null) {
      drop(DropReason.LATE_RESULT);
    } else {
      taskLost(task, Death.of(lost));
    }
  }

  /// Suspects that wait here or run in processes that were started for them.
  protected final int numSuspects() {
    return cells.numTasks();
  }

  /// An employee drains: what it has not begun runs elsewhere, what it has begun it finishes.
  private void handleDrain(LinkId link, List<RuntimeTaskId> unstarted) {
    RuntimeEmployee employee = employees.require(link);
    employee.signal(EmployeePhase.Signal.SHUTDOWN);
    List<RuntimeTask> handedBack = new ArrayList<>();
    for (RuntimeTaskId id : unstarted) {
      RuntimeTask task = employee.finished(id);
      if (task != null) {
        handedBack.add(task);
      }
    }
    scheduleTasks(handedBack, false);
  }

  /// An employee leaves; so may one that was on its way back.
  protected final void handleGoodbye(LinkId link) {
    RuntimeEmployee employee = employees.get(link);
    if (employee != null) {
      employee.signal(EmployeePhase.Signal.SHUTDOWN);
    } else if (!reattachment.gaveUp(link)) {
      drop(DropReason.LATE_RESULT);
    }
  }

  /// Lets employees that have more than they can do hand in what others have room for.
  private void grantCredits() {
    for (RuntimeEmployee each : employees) {
      if (each.takesWork() && each.backlog().wantsCredit()) {
        long free = room.beside(each) - waiting.numReady() - creditsOut();
        int credit = (int) Math.min(free, each.backlog().tasks());
        if (credit > 0) {
          each.backlog().grant(credit);
          send(each.link(), new Message.Credit(credit));
        }
      }
    }
  }

  private long creditsOut() {
    long sum = 0;
    for (RuntimeEmployee each : employees) {
      sum += each.backlog().credit();
    }
    return sum;
  }

  /// Corrects the idle count. A submit may be on its way to an employee that says it is idle; the
  /// read receipt tells which submits it had seen, and the tasks of later ones are deducted.
  private void handleWaiting(LinkId link, Message.Waiting said) {
    employees.require(link).waiting(said.idleWorkers(), said.readReceipt());
  }

  /// Stops every employee at once.
  protected void handleShutdown() {
    for (RuntimeEmployee employee : employees) {
      if (employee.signal(EmployeePhase.Signal.SHUTDOWN)) {
        send(employee.link(), new Message.Shutdown());
      }
    }
  }

  /// The employee whose workers include this one.
  ///
  /// @throws IllegalArgumentException if there is none (any more)
  public final RuntimeEmployee getEmployeeResponsibleFor(long workerId) {
    RuntimeEmployee employee = employees.responsible(workerId);
    if (employee == null) {
      throw new IllegalArgumentException("no employee of mine has worker " + workerId);
    }
    return employee;
  }

  /// Whether a worker is below this node.
  public final boolean isMyWorker(long workerId) {
    return employees.responsible(workerId) != null;
  }

  public final List<RuntimeEmployee> employees() {
    return employees.list();
  }

  /// The numbers of this moment.
  public final NodeStatistics nodeStatistics() {
    return new NodeStatistics(
        totalWorkers(), numIdleWorkers(), waiting.size(), rerun, employees.statistics(), dropped);
  }

  protected final int totalWorkers() {
    return employees.totalWorkers();
  }

  protected final int numIdleWorkers() {
    return employees.numIdleWorkers();
  }

  /// Whether a task is out and does not want a slot at this moment.
  protected final boolean awaits(RuntimeTaskId task) {
    return employees.awaits(task);
  }

  /// What the workers in this process execute, with all ancestors.
  protected final Set<RuntimeTaskId> executedHere() {
    return employees.executedHere();
  }

  // Scheduling

  /// Accepts runtime tasks to be placed; descendants of cancelled tasks are dropped.
  ///
  /// @param mayLeave whether they may be handed to the boss if others have more room
  protected final void scheduleTasks(List<RuntimeTask> tasks, boolean mayLeave) {
    if (cancels.isEmpty()) {
      waiting.add(tasks, mayLeave);
      return;
    }
    List<RuntimeTask> alive = new ArrayList<>(tasks.size());
    for (RuntimeTask task : tasks) {
      if (cancels.cover(task)) {
        drop(DropReason.CANCELLED_ANCESTOR);
      } else {
        alive.add(task);
      }
    }
    waiting.add(alive, mayLeave);
  }

  /// What waits here for a slot.
  protected final WaitingTasks waiting() {
    return waiting;
  }

  /// Whether an employee has workers below it that it places tasks on itself.
  protected boolean placesTasks(LinkId link) {
    return true;
  }

  private void placeReadyTasks() {
    if (waiting.isNothingToAssign() || employees.isEmpty()) {
      return;
    }
    assignment
        .assignTasks(waiting.ready(), waiting.labelled())
        .forEach(
            (employee, tasks) -> {
              employee.submitted(tasks, costs);
              recalls.watch(employee);
              tasks.forEach(this::placed);
              send(
                  employee.link(),
                  tasks.size() == 1
                      ? new Message.Submit(tasks.getFirst())
                      : new Message.SubmitBatch(tasks));
            });
  }

  /// Notes how long a runtime task of a function took elsewhere.
  protected final void learn(RuntimeFunction<?, ?> function, long nanos) {
    costs.saw(function, nanos);
  }

  /// Takes a finished task off its employee's books; null if it is late.
  protected final @Nullable RuntimeTask finished(LinkId link, RuntimeTaskId id, long nanos) {
    RuntimeTask task = employees.require(link).finished(id);
    if (task == null) {
      drop(DropReason.LATE_RESULT);
      return null;
    }
    costs.saw(task.function(), nanos);
    return task;
  }

  /// Sends a result or failure on to the employee whose worker awaits it.
  protected final void sendResultDown(RuntimeTaskId task, Message message) {
    sendResultDown(new Slip(task, message));
  }

  /// Sends a result or failure on; it is where it is for when whoever gets it says so.
  protected final void sendResultDown(Slip slip) {
    RuntimeEmployee employee = employees.responsible(slip.task().address().workerId());
    if (employee == null) {
      drop(DropReason.LATE_RESULT);
      slip.done();
      return;
    }
    if (employee.isNode()) {
      employee.deliveries().add(slip);
    } else {
      slip.done();
    }
    if (employee.phase() != EmployeePhase.AWAY) {
      send(employee.link(), slip.message());
    }
  }

  /// Passes on what a task below says to its children.
  protected final void handleCommunicate(LinkId link, Message.Communicate said) {
    if (isOfSender(link, said.address())) {
      communicate(said);
    }
  }

  /// Tells the tasks that are meant, wherever they are; those who have them keep it with them.
  protected void communicate(Message.Communicate said) {
    waiting.told(said);
    for (RuntimeEmployee each : employees) {
      if (each.workload().told(said) && each.hasWork()) {
        send(each.link(), said);
      }
    }
  }

  // Cancels

  /// A task below ends children of its own.
  protected final void handleCancelFromBelow(LinkId link, Message.Cancel cancel) {
    if (isOfSender(link, cancel.address())) {
      broadcastCancel(cancel.address(), cancel.upToAttempt(), null);
    }
  }

  protected final void broadcast(Message message) {
    for (RuntimeEmployee each : employees) {
      if (each.hasWork()) {
        send(each.link(), message);
      }
    }
  }

  /// Ends a runtime task and its descendants everywhere below.
  ///
  /// @param whenDone runs once every employee has acknowledged
  protected final void broadcastCancel(
      RuntimeAddress address, int upToAttempt, @Nullable Runnable whenDone) {
    Message.Cancel cancel = cancels.make(address, upToAttempt);
    cancelled(cancel);
    waiting.removeCovered(cancel);
    Set<LinkId> told = new HashSet<>();
    for (RuntimeEmployee each : employees) {
      each.workload().removeCovered(cancel);
      if (each.hasWork()) {
        told.add(each.link());
      }
    }
    cancels.begin(cancel, told, whenDone);
    broadcast(cancel);
    if (told.isEmpty()) {
      cancels.acknowledged(cancel.number(), null);
    }
  }

  /// Notes that a cancel is being broadcast.
  protected void cancelled(Message.Cancel cancel) {}

  private void handleAck(LinkId link, long cancel) {
    cancels.acknowledged(cancel, link);
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

  /// The employees' machine, for its diagram and for tests.
  public final TransitionTable<EmployeePhase, EmployeePhase.Signal> employeeTable() {
    return employeeTable;
  }

  /// Checks that nothing is left to do: no task waits or is out, no cancel is under way. Tests call
  /// it when everything should be over.
  ///
  /// @throws AssertionError with what is left
  public void checkIdle() {
    employees.checkIdle();
    if (!waiting.isEmpty() || !cancels.isEmpty()) {
      throw new AssertionError(
          waiting.size() + " tasks and " + cancels.size() + " tombstones are left");
    }
  }

  /// Checks what must hold across the tables; tests call it after every event.
  ///
  /// @throws AssertionError with what is wrong
  public void verify() {
    employees.verify();
    for (RuntimeTask task : waiting.all()) {
      if (cancels.cover(task)) {
        throw new AssertionError(task + " waits although an ancestor is cancelled");
      }
    }
  }
}
