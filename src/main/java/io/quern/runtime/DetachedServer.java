package io.quern.runtime;

import io.quern.engine.compile.CompilationResult;
import io.quern.failure.ErrorCode;
import io.quern.protocol.Breadcrumbs;
import io.quern.protocol.CompilationContext;
import io.quern.protocol.Failure;
import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.Attempt;
import io.quern.task.CompilationTask;
import io.quern.task.TaskError;
import io.quern.task.TaskEvent;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The root of the tree: takes compilation tasks from clients, hands each as a root runtime task to
/// an employee, and turns what comes back into durable ends.
///
/// Tasks belong to their tenant and to the store, never to a connection. Nothing that an effect
/// tells the outside is told before the store has it. Every step of a task through its phases
/// ([TaskPhase]) is taken here and nowhere else.
public final class DetachedServer extends ServerBase {

  /// How much root work an employee may hold ahead for each slot, so that commits of short
  /// compilations overlap with running others. Longer ones are handed out to idle workers only,
  /// since their time limits count from then.
  private static final WorkAhead AHEAD = WorkAhead.ofNanos(5_000_000);

  private final long epoch;
  private final ServerSettings settings;
  private final TransitionTable<TaskPhase, TaskPhase.Signal> taskTable = TaskPhase.table();

  /// Compilation tasks that are not over, by id.
  private final Map<TaskId, TaskEntry> tasks = new HashMap<>();

  /// Where results of root runtime tasks are awaited, by mailbox number.
  private final Map<Long, ServerMailbox> mailboxes = new HashMap<>();

  private final Map<Long, TaskEntry> mailboxToTask = new HashMap<>();
  private final TaskQueues queue = new TaskQueues();
  private final StartingTasks starting = new StartingTasks();
  private final TenantShares tenants = new TenantShares();
  private final Turns turns = new Turns(queue, starting, tenants, employees, room);
  private final OfferedLabels offered;
  private final Explanations explanations;
  private final Recovery recovery;
  private final Commits commits = new Commits(this::emit);
  private final Admission admission;
  private final TaskJournal journal;
  private final RunReports reports;
  private final Map<TaskState, Long> ended = new EnumMap<>(TaskState.class);
  private long mailboxCounter;
  private long instanceCounter;

  /// How long the last root's function is expected to be out.
  private long rootNanos = CostEstimates.UNKNOWN_NANOS;

  private long accepted;
  private long restarted;
  private boolean areDoorsOpen;
  private boolean isDraining;
  private boolean areEmployeesDismissed;
  private boolean isStopped;
  private boolean isLoadingPaused;

  /// @param epoch this start of the service, durable already; mailbox numbers and worker ids begin
  ///   with it, so none is ever used twice
  public DetachedServer(long epoch, ServerSettings settings) {
    super(AHEAD, settings.poisonDeaths(), settings.reattachGrace());
    this.epoch = epoch;
    this.settings = settings;
    offered = new OfferedLabels(settings.labelGrace(), timers);
    explanations = new Explanations(employees, waiting(), queue, offered);
    recovery = new Recovery(epoch, settings.reattachGrace(), timers, this::now, this::endRecovery);
    mailboxCounter = epoch << 32;
    admission = new Admission(commits, timers, this::emit, this::now, settings, new Books());
    journal =
        new TaskJournal(commits, timers, this::now, settings.retryDelay(), new JournalListener());
    reports = new RunReports(journal, this::now, settings.maxUnwrittenEvents(), this::drop);
  }

  @Override
  protected void dispatch(Event event) {
    switch (event) {
      case Event.LinkOpened(LinkId link) -> handleConnect(link, false);
      case Event.NodeOpened(LinkId link) -> handleConnect(link, true);
      case Event.CellOpened(LinkId link) ->
          throw new IllegalArgumentException("the server asked for no worker process: " + link);
      case Event.NodeLeaves(LinkId link, Instant at) -> handleLeaving(link, at);
      case Event.NodeReturned(LinkId link) -> handleReturn(link);
      case Event.LinkCut(LinkId link, Duration silence) -> handleCut(link, silence);
      case Event.LinkClosed(LinkId link) -> handleDisconnect(link, false);
      case Event.Received(LinkId link, Message message) -> dispatch(link, message);
      case Event.Recovered(CompilationTask task) -> handleRecovered(task);
      case Event.DoorsOpened() -> handleDoorsOpened();
      case Event.ManagersMayJoin() -> recovery.managersMayJoin();
      case Event.ClientSubmit submit -> handleNewCompTask(submit);
      case Event.ClientCancel cancel -> handleCancelCompTask(cancel);
      case Event.ClientStatus(ReplyTo reply, TaskId task) -> handleStatus(reply, task);
      case Event.ClientExplain(ReplyTo reply, TaskId task) -> handleExplain(reply, task);
      case Event.ManagersAwaited(int managers) -> offered.awaited(managers);
      case Event.ClientRequest(ReplyTo reply, TaskId task) -> handleRequest(reply, task);
      case Event.Committed committed ->
          commits.take(committed.seq()).committed(committed.outcomes());
      case Event.Refused(long seq) -> commits.take(seq).refused();
      case Event.ReadBackDone found -> commits.take(found.seq()).readBack(found.found());
      case Event.ReadBackFailed(long seq, String reason) ->
          commits.take(seq).readBackFailed(reason);
      case Event.SubmissionLoaded(TaskId task, RootWork work) -> handleLoaded(task, work);
      case Event.SubmissionUnusable(TaskId task, String reason) -> handleUnusable(task, reason);
      case Event.LoadFailed(TaskId task, String _) -> handleLoadFailed(task);
      case Event.TimerFired() -> fireTimers();
      case Event.DrainStarted(Instant until) -> handleShutdown(until);
    }
  }

  private void dispatch(LinkId link, Message message) {
    switch (message) {
      case Message.Result result -> handleResult(link, result);
      case Message.Submit(RuntimeTask task) -> handleSubmit(link, List.of(task));
      case Message.SubmitBatch(List<RuntimeTask> batch) -> handleSubmit(link, batch);
      case Message.Error error -> handleError(link, error);
      case Message.FromEmployee said -> handleEmployee(link, said);
      case Message.RunReport report -> reports.handle(entryOfRun(report.root()), report);
      case Message.Communicate said -> handleCommunicate(link, said);
      case Message.Cancel cancel -> handleCancelFromBelow(link, cancel);
      case Message.Taken taken -> handleTaken(link, taken);
      case Message.Shutdown() -> handleGoodbye(link);
      case Message.FromBoss _ ->
          throw new IllegalArgumentException("the server has no boss, yet " + link + " said so");
    }
  }

  /// Runtime tasks that an employee has no room for.
  private void handleSubmit(LinkId link, List<RuntimeTask> batch) {
    checkSubmitter(link, batch);
    scheduleTasks(batch, false);
  }

  @Override
  protected void settle() {
    endHopelessTasks();
    handOutTasks();
    super.settle();
    if (isDraining) {
      stopWhenDone();
    }
  }

  @Override
  protected IdBlock idsForNextEmployee(LinkId link) {
    return IdBlock.of(epoch, instanceCounter++);
  }

  // Clients

  /// Whoever waits for an answer to what could not be handled gets one.
  @Override
  protected void handleSystemError(Event event, RuntimeException failure) {
    super.handleSystemError(event, failure);
    if (event instanceof Event.ClientEvent client) {
      emit(
          new Effect.ReplyFailure(
              client.reply(), ErrorCode.INTERNAL, "the server could not handle the request"));
    }
  }

  /// New compilation tasks: stored, answered, queued, in this order.
  private void handleNewCompTask(Event.ClientSubmit submit) {
    int size = submit.tasks().size();
    if (isDraining) {
      admission.refuse(submit.reply(), size, new SubmitAnswer.Draining());
    } else if (!areDoorsOpen) {
      admission.refuse(
          submit.reply(), size, new SubmitAnswer.StoreUnavailable("the service is starting"));
    } else {
      admission.submit(submit.reply(), submit.tasks(), submit.atomic());
    }
  }

  /// Ends a task on its owner's wish. A task that has ended, or whose end is decided, stays as it
  /// is; an unknown id, or another tenant's, changes nothing.
  private void handleCancelCompTask(Event.ClientCancel cancel) {
    TaskEntry entry = tasks.get(cancel.task());
    if (entry == null || !entry.tenant().equals(cancel.tenant()) || entry.is(TaskPhase.STORING)) {
      handleStatus(cancel.reply(), cancel.task());
      return;
    }
    entry.addWaiter(cancel.reply());
    end(
        entry,
        TaskState.CANCELLED,
        new TaskEvent.StateChanged(entry.visibleState(), TaskState.CANCELLED, null));
  }

  /// Answers with what the store says, since that is what is durable.
  private void handleStatus(ReplyTo reply, TaskId task) {
    emit(new Effect.ReplyStatus(reply, task));
  }

  /// Answers as soon as the task's end is durable.
  private void handleRequest(ReplyTo reply, TaskId task) {
    TaskEntry entry = tasks.get(task);
    if (entry == null) {
      handleStatus(reply, task);
    } else {
      entry.addWaiter(reply);
    }
  }

  /// A task that an earlier life of the service left unfinished waits for its turn again.
  private void handleRecovered(CompilationTask task) {
    TaskEntry entry =
        new TaskEntry(
            task.id(),
            task.tenant(),
            task.scheduling(),
            new StateMachine<>(taskTable, TaskPhase.QUEUED));
    entry.lastEvent = task.lastEvent();
    entry.deaths = task.deaths();
    entry.deadline = task.deadline();
    Attempt attempt = task.attempt();
    entry.attempts = attempt == null ? 0 : attempt.number();
    tasks.put(task.id(), entry);
    if (attempt == null) {
      queue.add(entry);
    } else if (!recovery.expect(entry, attempt)) {
      backInQueue(entry);
    }
  }

  /// A task whose last attempt nobody has brought back. If the process of the service ended by
  /// itself, that counts as any other end of a process that executed it would.
  private void backInQueue(TaskEntry entry) {
    if (settings.wasCutShort()) {
      entry.deaths = toll.count(entry.deaths, entry.deaths.isSuspect() ? Death.NONE : Death.SHARED);
    }
    queue.add(entry);
  }

  /// Who was to come back has, or is taken for gone: what nobody has brought runs anew, and what
  /// runs for nobody who is here is ended.
  private void endRecovery() {
    for (TaskEntry entry : recovery.close()) {
      if (entry.is(TaskPhase.QUEUED)) {
        backInQueue(entry);
      }
    }
    scheduleTasks(recovery.takeOrphans(), false);
    for (RuntimeTaskId run :
        reattachment.runsOf(
            address ->
                address.workerId() != RuntimeAddress.SERVER && !isMyWorker(address.workerId()))) {
      broadcastCancel(run.address(), run.attempt(), null);
    }
  }

  @Override
  protected boolean areMine(List<IdBlock> ids) {
    return ids.stream().allMatch(each -> each.epoch() <= epoch);
  }

  @Override
  protected boolean goesOn(RuntimeTask task, Set<RuntimeAddress> underWay) {
    RuntimeAddress address = task.id().address();
    if (address.workerId() == RuntimeAddress.SERVER) {
      return rootGoesOn(task);
    }
    if (!recovery.isOpen() || underWay.contains(address)) {
      return false;
    }
    // Whoever awaits it has asked for it, or may yet come back and ask.
    return recovery.isFound(address) || !reattachment.knowsWishesOf(address.workerId());
  }

  /// Takes a root back that an earlier life of the service had handed out, if it is still that
  /// attempt of its task.
  private boolean rootGoesOn(RuntimeTask root) {
    TaskEntry entry = tasks.get(root.compilation().task());
    Attempt attempt = entry == null ? null : entry.returning;
    if (entry == null
        || attempt == null
        || !recovery.isExpected(entry, root)
        || !signal(entry, TaskPhase.Signal.RETURNED)) {
      return false;
    }
    entry.returning = null;
    RootWork work =
        new RootWork(
            root.function(),
            root.argument(),
            null,
            root.compilation().loggingLevel(),
            root.compilation().loggingDepth());
    TaskEntry.Run run = new TaskEntry.Run(attempt, root.id(), work);
    entry.run = run;
    long mailbox = root.id().address().mailbox();
    mailboxes.put(mailbox, new ServerMailbox(root.id()));
    mailboxToTask.put(mailbox, entry);
    handedOut(entry, run);
    tenants.placed(entry);
    return true;
  }

  @Override
  protected RuntimeTask inNextRun(RuntimeTask task) {
    return recovery.inNextRun(task);
  }

  /// Within the time in which holders may come back, waits for who may have a task already.
  @Override
  protected void resubmitted(LinkId link, List<RuntimeTask> submitted) {
    List<RuntimeTask> toRun = recovery.wanted(submitted, this::sendResultDown);
    if (!toRun.isEmpty()) {
      scheduleTasks(toRun, false);
    }
  }

  @Override
  protected void cancelled(Message.Cancel cancel) {
    recovery.removeCovered(cancel);
  }

  /// From now on tasks may be placed, but those that managers may bring back when they can join.
  private void handleDoorsOpened() {
    areDoorsOpen = true;
    offered.started(now());
    recovery.open();
  }

  /// Ends tasks that require labels nobody offers, or can be expected to offer soon.
  private void endHopelessTasks() {
    if (!queue.hasLabelled() || !areDoorsOpen || isDraining) {
      return;
    }
    queue.required().offered(employees.slotKinds());
    for (List<String> required : offered.takeHopeless(queue.required(), now())) {
      for (TaskEntry entry = queue.poll(required); entry != null; entry = queue.poll(required)) {
        fail(entry, offered.failure(required, employees.labelsOffered()));
      }
    }
  }

  @Override
  protected void handleDisconnect(LinkId link, boolean hasEnded) {
    offered.lost(employees.reportOf(link), now());
    super.handleDisconnect(link, hasEnded);
  }

  /// Why a task is where it is.
  private void handleExplain(ReplyTo reply, TaskId task) {
    TaskEntry entry = tasks.get(task);
    if (entry == null) {
      emit(new Effect.ReplyExplanation(reply, null, null));
      return;
    }
    TaskEntry.Run run = entry.run;
    emit(
        new Effect.ReplyExplanation(
            reply,
            explanations.of(entry, isDraining, isLoadingPaused),
            run == null ? null : employees.whoHas(run.root)));
  }

  // From the queue to an employee

  private void handOutTasks() {
    if (!areDoorsOpen || isDraining || isLoadingPaused || queue.isEmpty()) {
      return;
    }
    turns.take(rootNanos, this::pick);
  }

  private void pick(TaskEntry entry) {
    signal(entry, TaskPhase.Signal.PICKED);
    starting.begin(entry);
    emit(new Effect.LoadSubmission(entry.id()));
  }

  /// Moves a task through its machine.
  private boolean signal(TaskEntry entry, TaskPhase.Signal signal) {
    boolean wasOut = entry.isOut();
    boolean isTaken = entry.signal(signal);
    tenants.changed(entry, wasOut);
    return isTaken;
  }

  @Override
  protected boolean isUrgent(RuntimeTask task) {
    return task.breadcrumbs().depth() == 0 && tenants.isUnplaced(task.compilation().tenant());
  }

  @Override
  protected void placed(RuntimeTask task) {
    if (task.breadcrumbs().depth() == 0) {
      TaskEntry entry = entryOfRun(task.id());
      if (entry != null && entry.is(TaskPhase.RUNNING)) {
        tenants.placed(entry);
      }
    }
  }

  private void handleLoaded(TaskId task, RootWork work) {
    TaskEntry entry = tasks.get(task);
    if (entry == null || !signal(entry, TaskPhase.Signal.LOADED)) {
      starting.end(task);
      return;
    }
    Attempt attempt = new Attempt(epoch, entry.attempts + 1);
    if (entry.deadline == null && work.timeLimit() != null) {
      entry.deadline = now().plus(work.timeLimit());
    }
    TaskEvent.Data began;
    if (entry.attempts == 0) {
      began = new TaskEvent.StateChanged(TaskState.QUEUED, TaskState.RUNNING, null);
    } else {
      began = new TaskEvent.Restarted(attempt);
      restarted++;
    }
    entry.attempts = attempt.number();
    entry.append(entry.nextEvent(now(), began));
    entry.unwrittenStart =
        new TaskRecord.Started(task, attempt, now(), entry.deadline, entry.deaths, List.of());
    long mailbox = ++mailboxCounter;
    RuntimeTaskId root =
        new RuntimeTaskId(new RuntimeAddress(RuntimeAddress.SERVER, mailbox, 0), attempt.number());
    entry.run = new TaskEntry.Run(attempt, root, work);
    mailboxes.put(mailbox, new ServerMailbox(root));
    mailboxToTask.put(mailbox, entry);
    journal.write(entry);
  }

  /// The attempt is durable: now the root may leave.
  private void handOutRoot(TaskEntry entry) {
    starting.end(entry.id());
    TaskEntry.Run run = entry.run;
    if (run == null || !signal(entry, TaskPhase.Signal.STARTED)) {
      return;
    }
    handedOut(entry, run);
    RootWork work = run.work;
    CompilationContext context =
        new CompilationContext(
            entry.id(),
            run.root,
            entry.tenant(),
            work.loggingLevel(),
            work.loggingDepth(),
            entry.deadline,
            entry.scheduling());
    scheduleTasks(
        List.of(
            new RuntimeTask(
                    run.root,
                    Breadcrumbs.NONE,
                    context,
                    work.function(),
                    work.argument(),
                    work.kept())
                .withDeaths(entry.deaths)),
        false);
  }

  private void handedOut(TaskEntry entry, TaskEntry.Run run) {
    run.handedOutAt = now();
    if (entry.deadline != null) {
      Instant from = entry.deadline.isAfter(now()) ? entry.deadline : now();
      run.overdue =
          timers.schedule(from.plus(settings.deadlineGrace()), () -> handleOverdue(entry));
    }
  }

  private void handleLoadFailed(TaskId task) {
    starting.end(task);
    TaskEntry entry = tasks.get(task);
    if (entry == null || !signal(entry, TaskPhase.Signal.LOAD_FAILED)) {
      return;
    }
    queue.addFirst(entry);
    if (!isLoadingPaused) {
      isLoadingPaused = true;
      timers.schedule(now().plus(settings.retryDelay()), () -> isLoadingPaused = false);
    }
  }

  private void handleUnusable(TaskId task, String reason) {
    starting.end(task);
    TaskEntry entry = tasks.get(task);
    if (entry != null) {
      fail(entry, new TaskError(ErrorCode.INTERNAL, reason, null, null, null));
    }
  }

  // From an employee to the store

  /// A result of a root goes to the store, any other down to the worker that awaits it.
  private void handleResult(LinkId link, Message.Result result) {
    TaskEntry entry = rootFinished(link, result.task(), result, result.nanos());
    if (entry == null) {
      return;
    }
    if (result.value() instanceof CompilationResult compiled) {
      TaskState state = compiled.isPartial() ? TaskState.PARTIAL : TaskState.DONE;
      end(entry, state, new TaskEvent.ResultReady(state, compiled));
    } else {
      String found = result.value().getClass().getName();
      fail(
          entry,
          new TaskError(
              ErrorCode.INTERNAL,
              "a compilation returns a CompilationResult, found " + found,
              null,
              null,
              null));
    }
  }

  /// A failure of a root fails its compilation task; any other goes to the parent, which may handle
  /// it. Other tasks are unharmed. The worker that ran it has cancelled its descendants.
  private void handleError(LinkId link, Message.Error error) {
    TaskEntry entry = rootFinished(link, error.task(), error, error.nanos());
    if (entry == null) {
      return;
    }
    Failure failure = error.failure();
    String pass = failure.pass() == null ? entry.passReached() : failure.pass();
    fail(
        entry,
        new TaskError(failure.code(), failure.message(), pass, failure.block(), failure.cause()));
  }

  /// Closes the mailbox a root's answer is for; null if the answer is another's, or late.
  private @Nullable TaskEntry rootFinished(
      LinkId link, RuntimeTaskId id, Message message, long nanos) {
    Slip slip = arrive(link, id, message);
    if (slip == null) {
      return null;
    }
    if (id.address().workerId() != RuntimeAddress.SERVER) {
      if (finished(link, id, nanos) == null) {
        slip.done();
      } else if (recovery.isOpen() && !isMyWorker(id.address().workerId())) {
        recovery.keep(slip);
      } else {
        sendResultDown(slip);
      }
      return null;
    }
    long mailbox = id.address().mailbox();
    TaskEntry entry = mailboxToTask.get(mailbox);
    Instant handedOutAt = entry == null || entry.run == null ? null : entry.run.handedOutAt;
    // A root awaits its children without holding a slot, so what counts is how long it was out.
    long out = handedOutAt == null ? nanos : Duration.between(handedOutAt, now()).toNanos();
    RuntimeTask root = finished(link, id, Math.max(out, nanos));
    if (root == null || entry == null) {
      slip.done();
      return null;
    }
    rootNanos = costs.nanos(root.function());
    ServerMailbox box = mailboxes.get(mailbox);
    if (box == null || !box.expected().equals(id)) {
      drop(DropReason.LATE_RESULT);
      slip.done();
      return null;
    }
    mailboxes.remove(mailbox);
    entry.answer = slip;
    return entry;
  }

  private void handleOverdue(TaskEntry entry) {
    fail(
        entry,
        new TaskError(
            ErrorCode.TIME_LIMIT,
            "the compilation did not hand back its best circuit within "
                + settings.deadlineGrace()
                + " after its time limit",
            entry.passReached(),
            null,
            null));
  }

  private void fail(TaskEntry entry, TaskError error) {
    end(
        entry,
        TaskState.FAILED,
        new TaskEvent.StateChanged(entry.visibleState(), TaskState.FAILED, error));
  }

  /// Decides a task's end; the first decision wins.
  private void end(TaskEntry entry, TaskState state, TaskEvent.Data terminal) {
    if (!signal(entry, TaskPhase.Signal.END)) {
      return;
    }
    queue.remove(entry);
    entry.ending = new TaskEntry.Ending(state, now(), terminal);
    journal.write(entry);
  }

  /// The task whose current run has this root.
  private @Nullable TaskEntry entryOfRun(RuntimeTaskId root) {
    TaskEntry entry = mailboxToTask.get(root.address().mailbox());
    return entry != null && entry.run != null && entry.run.root.equals(root) ? entry : null;
  }

  // Ends and losses

  /// Takes a task off the books, and its work off the workers if there is any left.
  private void remove(TaskEntry entry) {
    tasks.remove(entry.id());
    queue.remove(entry);
    closeRun(entry);
    if (entry.answer != null) {
      entry.answer.done();
    }
    entry.waiters.forEach(reply -> handleStatus(reply, entry.id()));
    entry.waiters = List.of();
  }

  private void closeRun(TaskEntry entry) {
    TaskEntry.Run run = entry.run;
    if (run == null) {
      return;
    }
    entry.run = null;
    timers.cancel(run.overdue);
    long mailbox = run.root.address().mailbox();
    mailboxToTask.remove(mailbox);
    if (mailboxes.remove(mailbox) != null && run.handedOutAt != null) {
      broadcastCancel(run.root.address(), run.root.attempt(), null);
    }
  }

  /// A root whose employee is gone waits for its turn again, first in the queue. Any other task
  /// runs elsewhere, unless whoever awaits it is gone too.
  @Override
  protected void taskLost(RuntimeTask task, Death death) {
    if (task.id().address().workerId() != RuntimeAddress.SERVER) {
      if (isMyWorker(task.id().address().workerId())) {
        runAgain(task, death);
      }
      return;
    }
    TaskEntry entry = entryOfRun(task.id());
    if (entry == null) {
      return;
    }
    entry.deaths = toll.count(entry.deaths, death);
    if (toll.givesUp(entry.deaths)) {
      giveUp(entry);
    } else if (signal(entry, TaskPhase.Signal.EMPLOYEE_LOST)) {
      closeRun(entry);
      queue.addFirst(entry);
    }
  }

  /// Ends a task that ends whoever runs it.
  private void giveUp(TaskEntry entry) {
    Failure failure = Death.failure(entry.deaths);
    fail(entry, new TaskError(failure.code(), failure.message(), entry.passReached(), null, null));
  }

  // The end of the server

  /// Drains: nothing new is accepted or started, what runs may finish until then, everything else
  /// is in the store and runs after the next start.
  private void handleShutdown(Instant until) {
    if (!isDraining) {
      isDraining = true;
      timers.schedule(until, this::dismissEmployees);
    }
  }

  private void dismissEmployees() {
    if (!areEmployeesDismissed) {
      areEmployeesDismissed = true;
      super.handleShutdown();
    }
  }

  private void stopWhenDone() {
    boolean isQuiet = mailboxes.isEmpty() && starting.isEmpty();
    if (!isStopped && commits.size() == 0 && (isQuiet || areEmployeesDismissed)) {
      dismissEmployees();
      isStopped = true;
      emit(new Effect.Stopped());
    }
  }

  private final class Books implements Admission.Books {
    @Override
    public TaskEntry newEntry(NewTask task) {
      TaskEntry entry =
          new TaskEntry(
              task.id(),
              task.tenant(),
              task.submission().scheduling(),
              new StateMachine<>(taskTable, TaskPhase.STORING));
      if (tasks.putIfAbsent(task.id(), entry) != null) {
        throw new IllegalArgumentException("task " + task.id() + " is here already");
      }
      return entry;
    }

    @Override
    public int room() {
      return settings.queueLimit() - queue.size();
    }

    @Override
    public void stored(TaskEntry entry) {
      accepted++;
      signal(entry, TaskPhase.Signal.STORED);
      queue.add(entry);
    }

    @Override
    public void notStored(TaskEntry entry) {
      signal(entry, TaskPhase.Signal.NOT_STORED);
      remove(entry);
    }
  }

  private final class JournalListener implements TaskJournal.Listener {
    @Override
    public void startCommitted(TaskEntry entry) {
      handOutRoot(entry);
    }

    @Override
    public void endCommitted(TaskEntry entry) {
      TaskEntry.Ending ending = entry.ending;
      signal(entry, TaskPhase.Signal.END_COMMITTED);
      remove(entry);
      if (ending != null) {
        ended.merge(ending.state(), 1L, Long::sum);
        emit(new Effect.Notify(entry.id(), ending.state()));
      }
    }

    @Override
    public void gone(TaskEntry entry) {
      starting.end(entry.id());
      signal(entry, TaskPhase.Signal.GONE);
      remove(entry);
    }

    @Override
    public void foundCommitted(TaskEntry entry, long lastEvent) {
      emit(new Effect.Announce(entry.id(), lastEvent));
    }

    @Override
    public void endDelayed(TaskEntry entry, String reason) {
      for (ReplyTo reply : entry.waiters) {
        emit(new Effect.ReplyFailure(reply, ErrorCode.STORE_UNAVAILABLE, reason));
      }
      entry.waiters = List.of();
    }
  }

  // Looking inside

  public ServerStatistics statistics() {
    int ending = 0;
    for (TaskEntry entry : mailboxToTask.values()) {
      ending += entry.is(TaskPhase.ENDING) ? 1 : 0;
    }
    return new ServerStatistics(
        admission.storing(),
        queue.size(),
        mailboxToTask.size() - ending,
        ending,
        totalWorkers(),
        numIdleWorkers(),
        accepted,
        restarted,
        deaths(),
        poisoned(),
        ended,
        dropped());
  }

  /// The compilation tasks' machine, for its diagram and for tests.
  public TransitionTable<TaskPhase, TaskPhase.Signal> taskTable() {
    return taskTable;
  }

  @Override
  public void checkIdle() {
    super.checkIdle();
    if (!tasks.isEmpty() || !mailboxes.isEmpty() || !starting.isEmpty() || commits.size() != 0) {
      throw new AssertionError(
          "%d tasks, %d mailboxes, %d starts and %d commits are left"
              .formatted(tasks.size(), mailboxes.size(), starting.size(), commits.size()));
    }
  }

  @Override
  public void verify() {
    super.verify();
    ServerVerification.verify(tasks, mailboxes, mailboxToTask, queue, starting);
  }
}
