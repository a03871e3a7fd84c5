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
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
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
/// what is to be done.
public abstract class ServerBase {

  /// What a task may take of which nothing is known, when it is asked who will be there as long.
  private static final Duration UNKNOWN_LASTS = Duration.ofSeconds(30);

  final CostEstimates costs = new CostEstimates();
  private final int poisonDeaths;
  private final Cells cells = new Cells(this);

  /// The direct reports.
  final Employees employees = new Employees();

  private final TransitionTable<EmployeePhase, EmployeePhase.Signal> employeeTable =
      EmployeePhase.table();
  private final ReadyTasks ready = new ReadyTasks();
  private final LabelledTasks labelled = new LabelledTasks();
  private final Assignment assignment = new Assignment(this);
  private final Cancellations cancels = new Cancellations();
  private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
  private final List<SystemError> systemErrors = new ArrayList<>();
  private final WorkAhead ahead;
  private final Duration grace;

  /// When what happens later.
  final Timers timers = new Timers();

  private @Nullable Instant armed;

  /// Links to processes of their own.
  private final Set<LinkId> nodes = new HashSet<>();

  /// Links whose employees are at the other end of newer ones, until their end is noticed.
  private final Set<LinkId> superseded = new HashSet<>();

  /// When nodes will leave, of those that have said so.
  private final Map<LinkId, Instant> leaving = new HashMap<>();

  /// Links on which somebody comes back, until its inventory is here.
  private final Set<LinkId> returning = new HashSet<>();

  private List<Effect> effects = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private long rerun;

  /// Processes that ended while they executed something, counted by task.
  private long deaths;

  /// Tasks that were given up because of that.
  private long poisoned;

  /// @param ahead how far employees may work ahead
  /// @param poisonDeaths how many processes may end while they execute a task before it is given
  ///   up; 0 for any number, and then none is counted
  /// @param grace how long a node whose link broke may take to come back
  protected ServerBase(WorkAhead ahead, int poisonDeaths, Duration grace) {
    this.ahead = ahead;
    this.grace = grace;
    this.poisonDeaths = poisonDeaths;
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
        if (event instanceof Event.Received received && superseded.contains(received.link())) {
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

  /// Looks after a while whether an employee gets on with what it was given ahead.
  private void watch(RuntimeEmployee employee) {
    if (employee.isWatched() || employee.numInHand() <= employee.totalWorkers()) {
      return;
    }
    employee.watched(true);
    long before = employee.numFinished();
    after(
        ahead.patience(),
        () -> {
          employee.watched(false);
          if (!employee.takesWork()) {
            return;
          }
          if (employee.numFinished() == before) {
            recallFrom(employee);
          } else {
            watch(employee);
          }
        });
  }

  private void recallFrom(RuntimeEmployee employee) {
    List<RuntimeTask> executing = employee.executing();
    executing.forEach(task -> costs.takesAtLeast(task.function(), ahead.patience().toNanos()));
    List<RuntimeTaskId> unstarted = employee.unstarted(executing);
    if (!unstarted.isEmpty()) {
      send(employee.link(), new Message.Recall(unstarted));
    }
  }

  /// An employee gives back what it has not begun.
  protected final void handleRecalled(LinkId link, Message.Recalled recalled) {
    RuntimeEmployee employee = employees.require(link);
    List<RuntimeTask> back = new ArrayList<>();
    for (RuntimeTaskId id : recalled.tasks()) {
      RuntimeTask task = employee.givenBack(id);
      if (task != null) {
        back.add(task);
      }
    }
    takeBack(back);
    back.forEach(task -> ready.letOthersGoFirst(task.compilation().tenant()));
  }

  /// Does something with tasks that employees have given back.
  protected void takeBack(List<RuntimeTask> tasks) {
    scheduleTasks(tasks, false);
  }

  /// Asks every employee for what it has of these and has not begun.
  protected final void recallAll(Predicate<RuntimeTaskId> wanted) {
    for (RuntimeEmployee each : employees) {
      List<RuntimeTaskId> here =
          each.hasWork() ? each.unfinishedIds().stream().filter(wanted).toList() : List.of();
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
    employee.labels(labelsOf(link));
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
  protected final void handleMoreIds(LinkId link) {
    RuntimeEmployee employee = employees.require(link);
    IdBlock ids = idsForNextEmployee(link);
    if (ids != null) {
      addIds(employee, ids);
    }
  }

  /// A node will leave then, and hand over what it has not finished: nothing is placed there that
  /// is expected to take longer.
  protected final void handleLeaving(LinkId link, Instant at) {
    leaving.put(link, at);
  }

  /// Whether a task that takes so long may be placed with an employee: it will be there as long, or
  /// nobody will.
  final boolean lasts(RuntimeEmployee employee, long nanos) {
    if (leaving.isEmpty() || isThere(employee, nanos)) {
      return true;
    }
    for (RuntimeEmployee each : employees) {
      if (each.takesWork() && isThere(each, nanos)) {
        return false;
      }
    }
    return true;
  }

  private boolean isThere(RuntimeEmployee employee, long nanos) {
    Instant at = leaving.get(employee.link());
    long taken = nanos == CostEstimates.UNKNOWN_NANOS ? UNKNOWN_LASTS.toNanos() : nanos;
    return at == null || !now.plusNanos(taken).isAfter(at);
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

  protected final void handleStarted(LinkId link, Message.Started started) {
    employees.require(link).started(started.workers());
  }

  /// A link is gone, and the employee with it: its unfinished runtime tasks run elsewhere.
  ///
  /// @param hasEnded whether its process has ended, and was not merely given up
  protected void handleDisconnect(LinkId link, boolean hasEnded) {
    cells.closed(link);
    leaving.remove(link);
    returning.remove(link);
    superseded.remove(link);
    nodes.remove(link);
    RuntimeEmployee employee = employees.remove(link);
    if (employee == null) {
      return;
    }
    employees.takeIds(employee);
    employee.signal(EmployeePhase.Signal.LINK_CLOSED);
    cancels.forget(link);
    employee.deliveries().forEach(Slip::done);
    employee
        .unfinished()
        .reversed()
        .forEach(lost -> taskLost(lost.task(), death(employee, lost, hasEnded)));
  }

  /// What has nothing else counts even if it was only silent: it is ended then.
  private static Death death(
      RuntimeEmployee employee, RuntimeEmployee.Unfinished lost, boolean hasEnded) {
    if (employee.isLeaving()) {
      return Death.NONE;
    } else if (employee.isCell()) {
      return Death.ALONE;
    }
    return hasEnded && lost.isExecuting() ? Death.SHARED : Death.NONE;
  }

  // Nodes that come back

  /// A link broke. A node that works may come back for a while, which counts from when it was last
  /// heard; until then nothing of it is lost. A process that ends breaks its link at once: if
  /// nothing had been heard for long, it is the connection that ended.
  protected final void handleCut(LinkId link, Duration silence) {
    RuntimeEmployee employee = employees.get(link);
    boolean mayReturn =
        employee != null && employee.isNode() && employee.takesWork() && grace.isPositive();
    boolean hasEnded = silence.isZero();
    if (employee == null || !mayReturn || silence.compareTo(grace) >= 0) {
      handleDisconnect(link, hasEnded);
      return;
    }
    employee.signal(EmployeePhase.Signal.LINK_CUT);
    cancels.forget(link);
    Instant until = now.plus(grace).minus(silence);
    employee.away(timers.schedule(until, () -> handleDisconnect(link, hasEnded)));
  }

  /// A node is there that says it worked for this one before; its inventory tells.
  protected final void handleReturn(LinkId link) {
    returning.add(link);
  }

  /// Whether ids that a returning node says are its own were given out here, in this life or an
  /// earlier one.
  protected abstract boolean areMine(List<IdBlock> ids);

  /// Whether a task that a node brings back, which this life did not give it, is to go on there. It
  /// is on the node's books if so.
  protected abstract boolean goesOn(RuntimeTask task);

  /// Takes a node back: what it still has to do stays with it, what it had and has no more runs
  /// elsewhere, what it has without having to is dropped.
  protected final void handleInventory(LinkId link, Message.Inventory inventory) {
    if (!returning.remove(link)) {
      // It was taken for new: it lost its boss after it had introduced itself.
      if (employees.require(link).phase() != EmployeePhase.CONNECTING) {
        throw new IllegalArgumentException(link + " brings an inventory and is not new");
      }
      handleDisconnect(link, false);
    }
    if (!areMine(inventory.ids())) {
      send(link, new Message.Shutdown());
      return;
    }
    nodes.add(link);
    RuntimeEmployee known = employees.responsible(inventory.ids().getFirst().lower());
    boolean isKnown = known != null && (known.takesWork() || known.phase() == EmployeePhase.AWAY);
    if (known != null && !isKnown) {
      handleDisconnect(known.link(), false);
      supersede(known.link(), link);
    }
    RuntimeEmployee employee;
    if (known != null && isKnown) {
      employee = comesBack(known, link);
    } else {
      employee = new RuntimeEmployee(link, inventory.ids().getFirst(), true, false, employeeTable);
      employee.comesFromEarlierLife();
    }
    employees.put(link, employee);
    for (IdBlock each : inventory.ids()) {
      employees.give(each, employee);
    }
    List<RuntimeTaskId> dropped = new ArrayList<>();
    Set<RuntimeTaskId> here = new HashSet<>(inventory.results());
    for (RuntimeTask task : inventory.held()) {
      boolean isInHand = !inventory.awaiting().contains(task.id());
      if (employee.has(task.id())) {
        here.add(task.id());
        employee.updated(task.id(), isInHand ? 1 : -1);
      } else if (!cancels.cover(task) && goesOn(task)) {
        here.add(task.id());
        employee.adopt(task, isInHand, costs);
      } else {
        dropped.add(task.id());
      }
    }
    send(link, new Message.Attached(dropped));
    employee.deliveries().forEach(slip -> send(link, slip.message()));
    for (RuntimeEmployee.Unfinished each : employee.unfinished().reversed()) {
      if (!here.contains(each.task().id())) {
        employee.finished(each.task().id());
        taskLost(each.task(), Death.NONE);
      }
    }
  }

  private RuntimeEmployee comesBack(RuntimeEmployee known, LinkId link) {
    LinkId before = known.link();
    employees.remove(before);
    leaving.remove(before);
    nodes.remove(before);
    if (known.phase() != EmployeePhase.AWAY) {
      supersede(before, link);
    }
    cancels.forget(before);
    known.signal(EmployeePhase.Signal.RETURNED);
    timers.cancel(known.returned(link));
    return known;
  }

  private void supersede(LinkId before, LinkId link) {
    superseded.add(before);
    emit(new Effect.CutOff(before, "its employee is at the other end of " + link, false));
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

  /// Whether a worker's manager is here and has said which of its tasks it wants done.
  protected final boolean knowsWishesOf(long workerId) {
    RuntimeEmployee employee = employees.responsible(workerId);
    return employee != null && !employee.owesOpenSubmits();
  }

  /// Whether any run of a task is waiting here or out.
  protected final boolean isUnderWay(RuntimeAddress address) {
    return underWay().contains(address);
  }

  private Set<RuntimeAddress> underWay() {
    Set<RuntimeAddress> addresses = new HashSet<>();
    for (RuntimeEmployee each : employees) {
      each.unfinished().forEach(unfinished -> addresses.add(unfinished.task().id().address()));
    }
    waitingTasks().forEach(task -> addresses.add(task.id().address()));
    return addresses;
  }

  /// Runs that are under way and await nobody here any more, by their submitters.
  protected final List<RuntimeTaskId> runsFor(Predicate<RuntimeAddress> submitters) {
    List<RuntimeTaskId> runs = new ArrayList<>();
    for (RuntimeEmployee each : employees) {
      for (RuntimeEmployee.Unfinished unfinished : each.unfinished()) {
        if (submitters.test(unfinished.task().id().address())) {
          runs.add(unfinished.task().id());
        }
      }
    }
    for (RuntimeTask task : waitingTasks()) {
      if (submitters.test(task.id().address())) {
        runs.add(task.id());
      }
    }
    return runs;
  }

  /// All tasks a node that has come back wants done here. What nobody knows of is to run; what runs
  /// for it and is not among them has been cancelled meanwhile.
  protected final void handleOpenSubmits(LinkId link, Message.OpenSubmits open) {
    if (!open.tasks().isEmpty()) {
      checkSubmitter(link, open.tasks());
    }
    RuntimeEmployee employee = employees.require(link);
    employee.saidOpenSubmits();
    Set<RuntimeAddress> wanted = new HashSet<>();
    open.tasks().forEach(task -> wanted.add(task.id().address()));
    for (RuntimeTaskId run :
        runsFor(
            address ->
                employees.responsible(address.workerId()) == employee
                    && !wanted.contains(address))) {
      broadcastCancel(run.address(), run.attempt(), null);
    }
    for (RuntimeTask each : List.copyOf(handedToBoss())) {
      RuntimeAddress address = each.id().address();
      if (employees.responsible(address.workerId()) == employee && !wanted.contains(address)) {
        broadcastCancel(address, Integer.MAX_VALUE, null);
      }
    }
    Set<RuntimeAddress> known = underWay();
    handedToBoss().forEach(task -> known.add(task.id().address()));
    employee.deliveries().forEach(slip -> known.add(slip.task().address()));
    List<RuntimeTask> unknown =
        open.tasks().stream().filter(task -> !known.contains(task.id().address())).toList();
    if (!unknown.isEmpty()) {
      resubmitted(link, unknown);
    }
  }

  /// Tasks from below that the boss has placed or will.
  protected Collection<RuntimeTask> handedToBoss() {
    return List.of();
  }

  /// Runs what a node that came back wants done and nobody knows of.
  protected void resubmitted(LinkId link, List<RuntimeTask> tasks) {
    scheduleTasks(tasks, false);
  }

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
    DeathCount deaths = counted(task.deaths(), death);
    if (deaths.isTooMany(poisonDeaths)) {
      poisoned++;
      sendResultDown(id, new Message.Error(id, RuntimeAddress.SERVER, Death.failure(deaths), 0));
    } else {
      rerun++;
      scheduleTasks(List.of(task.again().withDeaths(deaths)), isMyWorker(id.address().workerId()));
    }
  }

  /// The deaths of a task after the loss of one of its runs.
  final DeathCount counted(DeathCount before, Death death) {
    if (poisonDeaths == 0 || death == Death.NONE) {
      return before;
    }
    deaths++;
    return death.addTo(before);
  }

  final int poisonDeaths() {
    return poisonDeaths;
  }

  /// Notes that a task was given up because it ends whoever runs it.
  final void countPoisoned() {
    poisoned++;
  }

  /// Deaths that were counted, one for each task that a process executed as it ended.
  public final long deaths() {
    return deaths;
  }

  /// Tasks that were given up because they end whoever runs them.
  public final long poisoned() {
    return poisoned;
  }

  /// Runtime tasks that were begun again because an employee was lost.
  public final long rerun() {
    return rerun;
  }

  /// A process below an employee ended that had a task of mine.
  protected final void handleLost(LinkId link, Message.Lost lost) {
    RuntimeTask task = employees.require(link).finished(lost.task());
    if (task == null) {
      drop(DropReason.LATE_RESULT);
    } else {
      taskLost(task, Death.of(lost));
    }
  }

  /// An employee says which of its tasks its own process executes.
  protected final void handleExecuting(LinkId link, Message.Executing executing) {
    employees.require(link).executing(executing);
  }

  /// Suspects that wait here or run in processes that were started for them.
  protected final int numSuspects() {
    return cells.numTasks();
  }

  /// An employee drains: what it has not begun runs elsewhere, what it has begun it finishes.
  protected final void handleDrain(LinkId link, Message.Drain drain) {
    RuntimeEmployee employee = employees.require(link);
    employee.signal(EmployeePhase.Signal.SHUTDOWN);
    List<RuntimeTask> handedBack = new ArrayList<>();
    for (RuntimeTaskId id : drain.unstarted()) {
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
    } else if (!returning.remove(link)) {
      drop(DropReason.LATE_RESULT);
    }
  }

  /// An employee says what waits with it, also in answer to a credit.
  protected final void handleBacklog(LinkId link, Message.Backlog backlog) {
    employees.require(link).backlog(backlog);
  }

  /// Lets employees that have more than they can do hand in what others have room for.
  private void grantCredits() {
    for (RuntimeEmployee each : employees) {
      if (each.takesWork() && each.wantsCredit()) {
        long room = -ready.size() - creditsOut() + roomBeside(each);
        int credit = (int) Math.min(room, each.backlogTasks());
        if (credit > 0) {
          each.granted(credit);
          send(each.link(), new Message.Credit(credit));
        }
      }
    }
  }

  private long creditsOut() {
    long sum = 0;
    for (RuntimeEmployee each : employees) {
      sum += each.creditOut();
    }
    return sum;
  }

  /// How many tasks like those that wait at an employee the others could be given now.
  protected long roomBeside(RuntimeEmployee asking) {
    long room = 0;
    for (RuntimeEmployee each : employees) {
      if (each != asking && each.takesWork()) {
        room += roomAt(each, asking.backlogNanos());
      }
    }
    return room;
  }

  private long roomAt(RuntimeEmployee employee, long nanos) {
    if (!lasts(employee, nanos)) {
      return 0;
    }
    long beyond = (ahead.nanos() * employee.totalWorkers() - employee.inHandNanos()) / nanos;
    return Math.max(employee.numIdleWorkers(), beyond);
  }

  /// Corrects the idle count. A submit may be on its way to an employee that says it is idle; the
  /// read receipt tells which submits it had seen, and the tasks of later ones are deducted.
  protected final void handleWaiting(LinkId link, Message.Waiting waiting) {
    employees.require(link).waiting(waiting.idleWorkers(), waiting.readReceipt());
  }

  protected final void handleUpdate(LinkId link, Message.Update update) {
    employees.require(link).updated(update.task(), update.taskDiff());
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

  /// How far employees may work ahead.
  final WorkAhead ahead() {
    return ahead;
  }

  public final List<RuntimeEmployee> employees() {
    return employees.list();
  }

  /// The numbers of this moment.
  public final NodeStatistics nodeStatistics() {
    List<NodeStatistics.Employee> reports = new ArrayList<>(employees.size());
    for (RuntimeEmployee each : employees) {
      if (each.isCell()) {
        continue;
      }
      reports.add(
          new NodeStatistics.Employee(
              each.link(),
              each.phase(),
              each.ids().lower(),
              each.totalWorkers(),
              each.numIdleWorkers(),
              each.numTasks(),
              each.numInHand(),
              each.backlogTasks(),
              each.roster()));
    }
    return new NodeStatistics(
        totalWorkers(),
        numIdleWorkers(),
        ready.size() + labelled.size() + cells.size(),
        rerun,
        reports,
        dropped);
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
      addReady(tasks, mayLeave);
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
    addReady(alive, mayLeave);
  }

  private void addReady(List<RuntimeTask> tasks, boolean mayLeave) {
    List<RuntimeTask> others = tasks;
    if (anyIsSpecial(tasks)) {
      others = new ArrayList<>();
      for (RuntimeTask task : tasks) {
        if (task.isSuspect() && takesIntoCell(task)) {
          cells.add(task);
        } else if (requiresLabels(task)) {
          labelled.add(task, mayLeave);
        } else {
          others.add(task);
        }
      }
    }
    ready.add(others, mayLeave);
  }

  private static boolean anyIsSpecial(List<RuntimeTask> tasks) {
    for (RuntimeTask task : tasks) {
      if (task.isSuspect() || requiresLabels(task)) {
        return true;
      }
    }
    return false;
  }

  private static boolean requiresLabels(RuntimeTask task) {
    return !task.compilation().scheduling().requires().isEmpty();
  }

  /// Whom an employee has below, and what labels these offer.
  protected final void handleRoster(LinkId link, Message.Roster roster) {
    employees.require(link).roster(roster.node());
  }

  /// Whether an employee has workers below it that it places tasks on itself.
  protected boolean placesTasks(LinkId link) {
    return true;
  }

  /// How many more tasks that require these labels could be handed to employees now: those may be
  /// busy with others, since what requires labels comes first where a slot becomes free.
  ///
  /// @param kinds as there are now
  /// @param onTheWay how many are on the way here, by what they require
  final int roomFor(List<String> required, SlotKinds kinds, Map<List<String>, Integer> onTheWay) {
    BitSet suiting = kinds.suiting(required);
    int room = -kinds.competing(labelled.sizes(), suiting) - kinds.competing(onTheWay, suiting);
    for (RuntimeEmployee each : employees) {
      room += each.takesWork() ? each.roomFor(required) : 0;
    }
    return Math.max(0, room);
  }

  /// What an employee last said of itself; null if nothing.
  protected final @Nullable NodeReport reportOf(LinkId link) {
    RuntimeEmployee employee = employees.get(link);
    return employee == null ? null : employee.roster();
  }

  /// Runtime tasks of one compilation that wait here.
  protected final int numTasksWaiting(RuntimeTaskId root) {
    int sum = 0;
    for (RuntimeTask each : waitingTasks()) {
      sum += each.compilation().root().equals(root) ? 1 : 0;
    }
    return sum;
  }

  private List<RuntimeTask> waitingTasks() {
    List<RuntimeTask> waiting = ready.all();
    waiting.addAll(labelled.all());
    waiting.addAll(cells.all());
    return waiting;
  }

  /// Takes waiting tasks that may leave.
  protected final List<RuntimeTask> takeForBoss(int limit) {
    List<RuntimeTask> taken = new ArrayList<>(ready.removeForBoss(limit));
    if (taken.size() < limit && !labelled.isEmpty()) {
      taken.addAll(labelled.removeForBoss(limit - taken.size()));
    }
    return taken;
  }

  /// Takes waiting tasks that fit.
  protected final List<RuntimeTask> takeReady(Predicate<RuntimeTask> fits) {
    List<RuntimeTask> taken = ready.removeAll(fits);
    if (!labelled.isEmpty()) {
      taken.addAll(labelled.removeAll(fits));
    }
    taken.addAll(cells.removeAll(fits));
    return taken;
  }

  protected final int numReadyMayLeave() {
    return ready.sizeMayLeave() + labelled.sizeMayLeave();
  }

  /// How long the next waiting task is expected to take.
  protected final long nanosOfNextReady() {
    RuntimeTask next = ready.isEmpty() ? labelled.peek() : ready.peek();
    return next == null ? 1 : costs.nanos(next.function());
  }

  private void placeReadyTasks() {
    if (ready.isEmpty() && labelled.isEmpty() || employees.isEmpty()) {
      return;
    }
    assignment
        .assignTasks(ready, labelled)
        .forEach(
            (employee, tasks) -> {
              employee.submitted(tasks, costs);
              watch(employee);
              tasks.forEach(this::placed);
              send(
                  employee.link(),
                  tasks.size() == 1
                      ? new Message.Submit(tasks.getFirst())
                      : new Message.SubmitBatch(tasks));
            });
  }

  /// How many more tasks of a cost could be placed now.
  protected final int room(long nanos) {
    long room = -ready.size();
    for (RuntimeEmployee each : employees) {
      if (each.takesWork()) {
        room += roomAt(each, nanos);
      }
    }
    return Math.clamp(room, 0, Integer.MAX_VALUE);
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

  // Cancels

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
    ready.removeCovered(cancel);
    labelled.removeCovered(cancel);
    cells.removeCovered(cancel);
    Set<LinkId> told = new HashSet<>();
    for (RuntimeEmployee each : employees) {
      each.cancelled(cancel);
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

  protected final void handleAck(LinkId link, Message.Ack ack) {
    cancels.acknowledged(ack.cancel(), link);
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
    for (RuntimeEmployee each : employees) {
      if (each.numTasks() != 0 || each.numIdleWorkers() != each.totalWorkers()) {
        throw new AssertionError(
            "%s has %d tasks and %d idle of %d workers: %s"
                .formatted(
                    each.link(),
                    each.numTasks(),
                    each.numIdleWorkers(),
                    each.totalWorkers(),
                    each.unfinished()));
      }
    }
    if (!ready.isEmpty() || !labelled.isEmpty() || !cells.isEmpty() || !cancels.isEmpty()) {
      throw new AssertionError(
          (ready.size() + labelled.size() + cells.size())
              + " tasks and "
              + cancels.size()
              + " tombstones are left");
    }
  }

  /// Checks what must hold across the tables; tests call it after every event.
  ///
  /// @throws AssertionError with what is wrong
  public void verify() {
    for (RuntimeEmployee each : employees) {
      each.verify();
      if (employees.responsible(each.ids().lower()) != each) {
        throw new AssertionError(each.link() + " cannot be found by its ids");
      }
    }
    for (RuntimeTask task : waitingTasks()) {
      if (cancels.cover(task)) {
        throw new AssertionError(task + " waits although an ancestor is cancelled");
      }
    }
  }
}
