package io.quern.manager;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.runtime.Arrivals;
import io.quern.runtime.Death;
import io.quern.runtime.DropReason;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import io.quern.runtime.RuntimeEmployee;
import io.quern.runtime.ServerBase;
import io.quern.runtime.Slip;
import io.quern.runtime.WorkAhead;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The boss of a machine's workers: takes runtime tasks from above and from its workers, places
/// them where a slot is free, and routes results.
///
/// Tasks for which no slot is free wait here, newest first, so that each goes to whoever is free
/// first. Only short tasks, by what their function took before, are given ahead.
public final class Manager extends ServerBase {
  /// How much work, by estimate, a busy worker may hold: what hides one round trip, and the most a
  /// task can wait behind others while another worker idles.
  private static final WorkAhead AHEAD = WorkAhead.ofNanos(1_000_000);

  /// Pause between two looks at what is executed here.
  private static final Duration LOOKS = Duration.ofMillis(50);

  private final LinkId boss;
  private final int workers;
  private final List<String> labels;

  private final IdPool ids = new IdPool();

  /// Tasks of the boss's that are here.
  private final TasksOfBoss ofBoss = new TasksOfBoss();

  /// Whether a look at what is executed here is due some time.
  private boolean willLook;

  /// Tasks of my workers that the boss has placed or will.
  private final LentTasks lent = new LentTasks();

  /// What the boss has not acknowledged. A boss in the same process cannot be lost without its
  /// manager, so nothing is kept for it.
  private final KeptAnswers answers = new KeptAnswers();

  /// Results of the boss's that have yet to come to where they are for.
  private final Arrivals fromBoss = new Arrivals();

  private final BossBeliefs bossBelieves = new BossBeliefs();
  private final Absence absence = new Absence();
  private final boolean mayReturn;
  private final Predicate<RuntimeFunction<?, ?>> canTravel;
  private final boolean canSpawnCells;
  private boolean hasSpawned;
  private boolean isDraining;
  private boolean hasStopped;

  /// @param boss the link upwards
  /// @param workers to be spawned here; may be none if others join
  /// @param canTravel whether a function's tasks may leave the process
  public Manager(LinkId boss, int workers, Predicate<RuntimeFunction<?, ?>> canTravel) {
    this(boss, workers, List.of(), canTravel, Duration.ZERO);
  }

  /// A manager that gives up what three processes executed as they ended, and has no processes
  /// started itself.
  public Manager(
      LinkId boss,
      int workers,
      List<String> labels,
      Predicate<RuntimeFunction<?, ?>> canTravel,
      Duration grace) {
    this(boss, workers, labels, canTravel, grace, 3, false);
  }

  /// @param labels what the workers spawned here offer
  /// @param grace how long a node below may take to come back when its link broke; if positive,
  ///   this one too goes on without its boss, and comes back to it
  /// @param poisonDeaths how many processes may end while they execute a task before it fails; 0
  ///   for any number
  /// @param canSpawnCells whether its shell can start a worker process
  public Manager(
      LinkId boss,
      int workers,
      List<String> labels,
      Predicate<RuntimeFunction<?, ?>> canTravel,
      Duration grace,
      int poisonDeaths,
      boolean canSpawnCells) {
    super(AHEAD, poisonDeaths, grace);
    this.canSpawnCells = canSpawnCells;
    mayReturn = grace.isPositive();
    this.labels = List.copyOf(labels);
    this.canTravel = canTravel;
    if (workers < 0 || workers > IdBlock.SIZE) {
      throw new IllegalArgumentException(
          "a manager has 0 to " + IdBlock.SIZE + " workers, found " + workers);
    }
    this.boss = boss;
    this.workers = workers;
  }

  @Override
  protected void dispatch(Event event) {
    switch (event) {
      case Event.LinkOpened(LinkId link) -> handleConnect(link, false);
      case Event.NodeOpened(LinkId link) -> handleConnect(link, true);
      case Event.CellOpened(LinkId link) -> handleCell(link);
      case Event.NodeLeaves(LinkId link, Instant at) -> handleLeaving(link, at);
      case Event.NodeReturned(LinkId link) -> {
        if (link.equals(boss)) {
          bossIsBack();
        } else {
          handleReturn(link);
        }
      }
      case Event.LinkCut(LinkId link, Duration silence) -> {
        if (link.equals(boss)) {
          bossIsAway();
        } else {
          ids.forget(link);
          handleCut(link, silence);
        }
      }
      case Event.TimerFired() -> fireTimers();
      case Event.LinkClosed(LinkId link) -> {
        if (link.equals(boss)) {
          handleShutdown();
        } else {
          ids.forget(link);
          handleDisconnect(link, false);
        }
      }
      case Event.DrainStarted _ -> startDraining();
      case Event.Received(LinkId link, Message message) -> {
        if (link.equals(boss)) {
          dispatchFromAbove(message);
        } else {
          dispatchFromBelow(link, message);
        }
      }
      case Event.ServerEvent server ->
          throw new IllegalArgumentException("a manager was told " + server);
    }
  }

  @Override
  protected boolean placesTasks(LinkId link) {
    return isNode(link);
  }

  @Override
  protected List<String> labelsOf(LinkId link) {
    return isNode(link) ? List.of() : labels;
  }

  private void dispatchFromAbove(Message message) {
    switch (message) {
      case Message.Connect(IdBlock block) -> handleIds(block);
      case Message.Submit(RuntimeTask task) -> handleSubmit(List.of(task));
      case Message.SubmitBatch(List<RuntimeTask> tasks) -> handleSubmit(tasks);
      case Message.Result result -> handleResultFromAbove(result.task(), result);
      case Message.Error error -> handleResultFromAbove(error.task(), error);
      case Message.Attached attached -> handleAttached(attached);
      case Message.Taken(int results) -> answers.taken(results);
      case Message.Credit(int tasks) -> handleCredit(tasks);
      case Message.Recall(List<RuntimeTaskId> tasks) -> handleRecall(tasks);
      case Message.Communicate said -> communicate(said);
      case Message.Cancel cancel -> {
        lent.removeEndedBy(cancel);
        ofBoss.removeCovered(cancel);
        int absences = absence.number();
        broadcastCancel(
            cancel.address(),
            cancel.upToAttempt(),
            () -> {
              if (absences == absence.number()) {
                sendUp(new Message.Ack(cancel.number()));
              }
            });
      }
      case Message.Shutdown() -> handleShutdown();
      case Message.FromEmployee _, Message.RunReport _ ->
          throw new IllegalArgumentException("the boss sent " + message);
    }
  }

  private void dispatchFromBelow(LinkId link, Message message) {
    switch (message) {
      case Message.Result result ->
          handleResultFromBelow(link, result.task(), result, result.nanos());
      case Message.Submit(RuntimeTask task) -> handleSubmitFromBelow(link, List.of(task));
      case Message.SubmitBatch(List<RuntimeTask> tasks) -> handleSubmitFromBelow(link, tasks);
      case Message.Error error -> handleResultFromBelow(link, error.task(), error, error.nanos());
      case Message.FromEmployee said -> handleEmployee(link, said);
      case Message.RunReport report -> sendUp(report);
      case Message.Communicate said -> handleCommunicate(link, said);
      case Message.Cancel cancel -> handleCancelFromBelow(link, cancel);
      case Message.Taken taken -> handleTaken(link, taken);
      case Message.Shutdown() -> handleGoodbye(link);
      case Message.FromBoss _ ->
          throw new IllegalArgumentException("worker at " + link + " sent " + message);
    }
  }

  @Override
  protected void settle() {
    lookLater();
    super.settle();
    reportWorkers();
    updateUpstreamIdleWorkers();
    reportBacklog();
    int taken = absence.isOn() ? 0 : fromBoss.takeDone();
    if (taken > 0) {
      sendUp(new Message.Taken(taken));
    }
    if (isDraining && ofBoss.isEmpty() && answers.isEmpty()) {
      handleShutdown();
    }
  }

  /// Ids from the boss: the first time for the workers to be spawned, later for those who wait.
  private void handleIds(IdBlock block) {
    if (absence.isOn()) {
      // For whom it was taken before it had said that it comes back.
      return;
    }
    ids.add(block);
    if (!hasSpawned) {
      hasSpawned = true;
      if (workers > 0) {
        emit(new Effect.Spawn(workers));
      }
    }
    for (LinkId link : ids.takeWaiting()) {
      IdBlock further = idsForNextEmployee(link);
      if (further != null) {
        connectFurther(link, further);
      }
    }
  }

  @Override
  protected @Nullable IdBlock idsForNextEmployee(LinkId link) {
    boolean isAskedAlready = ids.isWaitedFor();
    IdBlock taken = ids.take(link, isNode(link));
    if (taken == null && hasSpawned && !isAskedAlready) {
      sendUp(new Message.MoreIds());
    }
    return taken;
  }

  /// Tells the boss how many workers there are, once those spawned here are ready.
  private void reportWorkers() {
    int total = totalWorkers();
    sendIfAny(bossBelieves.toTellOfWorkers(total, hasSpawned && total >= workers));
  }

  private void sendIfAny(@Nullable Message message) {
    if (message != null) {
      sendUp(message);
    }
  }

  /// Everything for the boss goes this way. While it is away only what is part of its log is kept;
  /// the rest follows from what there is when it is back.
  private void sendUp(Message message) {
    if (!absence.isOn()) {
      send(boss, message);
    } else if (!absence.keep(message)) {
      drop(DropReason.LOG_OVERFLOW);
    }
  }

  // A boss that is lost and found

  /// The link to the boss broke: what there is to do is done without it.
  private void bossIsAway() {
    if (!mayReturn || !ids.isOpen()) {
      handleShutdown();
      return;
    }
    absence.begin();
    ofBoss.forgetTold();
    bossBelieves.lost();
    fromBoss.startAnew();
  }

  /// The boss is told what there is of its own.
  private void bossIsBack() {
    // The end of the link before may not have been noticed.
    if (!absence.isOn()) {
      bossIsAway();
    }
    if (hasStopped) {
      return;
    }
    List<RuntimeTask> held = new ArrayList<>(ofBoss.all());
    held.addAll(answers.tasks());
    List<RuntimeTaskId> results = answers.tasks().stream().map(RuntimeTask::id).toList();
    Set<RuntimeTaskId> awaiting = new HashSet<>();
    for (RuntimeTask each : ofBoss.all()) {
      if (awaits(each.id())) {
        awaiting.add(each.id());
      }
    }
    absence.toldInventory();
    send(boss, new Message.Inventory(ids.given(), held, awaiting, results));
  }

  /// The boss has taken this one back: it hears what it has missed, in the order in which it would
  /// have.
  private void handleAttached(Message.Attached attached) {
    absence.end();
    int idle = waiting().numReady() > 0 ? 0 : numIdleWorkers();
    bossBelieves.found(totalWorkers(), idle);
    sendUp(new Message.Started(totalWorkers()));
    sendUp(new Message.Waiting(idle, null));
    for (RuntimeTaskId each : attached.dropped()) {
      if (ofBoss.remove(each) != null) {
        broadcastCancel(each.address(), each.attempt(), null);
      }
    }
    absence.tell(this::sendUp);
    answers.tell(this::sendUp);
    sendUp(new Message.OpenSubmits(List.copyOf(lent.all())));
    if (ids.isWaitedFor()) {
      sendUp(new Message.MoreIds());
    }
    if (isDraining) {
      sendUp(new Message.Drain(List.of()));
    }
  }

  @Override
  protected boolean areMine(List<IdBlock> blocks) {
    return ids.areMine(blocks);
  }

  /// What a node brings that was away too long runs elsewhere by now.
  @Override
  protected boolean goesOn(RuntimeTask task, Set<RuntimeAddress> underWay) {
    return false;
  }

  private void handleResultFromAbove(RuntimeTaskId task, Message message) {
    lent.remove(task.address());
    if (message instanceof Message.Result result) {
      // What waits here and may go up as well takes as long, which the boss is told by a backlog.
      learn(result.function(), result.nanos());
    }
    if (!mayReturn) {
      sendResultDown(task, message);
      return;
    }
    Slip slip = fromBoss.arrive(task, message);
    if (slip != null) {
      sendResultDown(slip);
    }
  }

  private void handleSubmit(List<RuntimeTask> tasks) {
    bossBelieves.submitted(tasks);
    tasks.forEach(ofBoss::add);
    scheduleTasks(tasks, false);
    if (isDraining) {
      handBack();
    }
  }

  /// New tasks of my workers: placed here as far as there is room, the boss is told of the rest.
  private void handleSubmitFromBelow(LinkId link, List<RuntimeTask> tasks) {
    if (isNode(link)) {
      checkSubmitter(link, tasks);
    }
    scheduleTasks(tasks, canTravel.test(tasks.getFirst().function()));
  }

  /// There is room elsewhere: tasks that wait here may go up.
  private void handleCredit(int tasks) {
    bossBelieves.credited();
    List<RuntimeTask> taken = waiting().takeForBoss(tasks);
    if (!taken.isEmpty()) {
      lent.add(taken);
      sendUp(new Message.SubmitBatch(taken));
    }
  }

  @Override
  protected Collection<RuntimeTask> handedToBoss() {
    return lent.all();
  }

  private void reportBacklog() {
    int mayLeave = isDraining ? 0 : waiting().numMayLeave();
    sendIfAny(bossBelieves.toTellOfBacklog(mayLeave, waiting()::nanosOfNext));
  }

  /// What ends below ends with the boss too, as far as it has been sent there. If it ends with a
  /// task of the boss's, the boss hears of it with the next wishes.
  @Override
  protected void cancelled(Message.Cancel cancel) {
    if (lent.removeEndedBy(cancel) && isMyWorker(cancel.address().workerId())) {
      sendUp(cancel);
    }
  }

  /// The boss may have some of the tasks that are meant, and some of those here are the boss's.
  @Override
  protected void communicate(Message.Communicate said) {
    super.communicate(said);
    ofBoss.told(said);
    if (lent.told(said)) {
      sendUp(said);
    }
  }

  /// Nothing new is begun of the boss's; what is running is finished.
  private void startDraining() {
    if (!isDraining) {
      isDraining = true;
      handBack();
    }
  }

  private void handBack() {
    List<RuntimeTaskId> unstarted = new ArrayList<>();
    for (RuntimeTask task : waiting().take(task -> ofBoss.contains(task.id()))) {
      ofBoss.remove(task.id());
      unstarted.add(task.id());
    }
    sendUp(new Message.Drain(unstarted));
    recallAll(ofBoss::contains);
  }

  /// The boss wants tasks back: those that wait here go at once, those that are with employees when
  /// these give them back.
  private void handleRecall(List<RuntimeTaskId> wanted) {
    Set<RuntimeTaskId> all = new HashSet<>(wanted);
    List<RuntimeTaskId> back = new ArrayList<>();
    for (RuntimeTask task : waiting().take(task -> all.contains(task.id()))) {
      ofBoss.remove(task.id());
      back.add(task.id());
    }
    if (!back.isEmpty()) {
      giveBack(back);
    }
    all.removeIf(id -> !ofBoss.contains(id));
    all.forEach(ofBoss::recall);
    recallAll(all::contains);
  }

  /// What employees have given back waits here again, unless the boss is to have it.
  @Override
  protected void takeBack(List<RuntimeTask> tasks) {
    List<RuntimeTaskId> forBoss = new ArrayList<>();
    for (RuntimeTask task : tasks) {
      boolean isOfBoss = ofBoss.contains(task.id());
      if (isOfBoss && (isDraining || ofBoss.isRecalled(task.id()))) {
        ofBoss.remove(task.id());
        forBoss.add(task.id());
      } else {
        scheduleTasks(List.of(task), !isOfBoss && canTravel.test(task.function()));
      }
    }
    if (!forBoss.isEmpty()) {
      giveBack(forBoss);
    }
  }

  private void giveBack(List<RuntimeTaskId> tasks) {
    bossBelieves.gaveBack(tasks);
    sendUp(new Message.Recalled(tasks));
  }

  /// A result goes to the worker that awaits it if that is one of mine, otherwise up.
  private void handleResultFromBelow(LinkId link, RuntimeTaskId task, Message message, long nanos) {
    Slip slip = arrive(link, task, message);
    if (slip == null) {
      return;
    }
    if (finished(link, task, nanos) == null) {
      slip.done();
      return;
    }
    RuntimeTask done = ofBoss.remove(task);
    if (done != null) {
      // Also if it is for one of mine, who had handed it in: the boss keeps books of it.
      if (mayReturn) {
        answers.add(done, slip);
      } else {
        slip.done();
      }
      sendUp(message);
    } else if (isMyWorker(task.address().workerId())) {
      sendResultDown(slip);
    } else {
      drop(DropReason.LATE_RESULT);
      slip.done();
    }
  }

  /// Suspects run here if there are slots in this process, whose place they take.
  @Override
  protected boolean takesIntoCell(RuntimeTask suspect) {
    return canSpawnCells && workers > 0 && canTravel.test(suspect.function());
  }

  /// Tells the boss, who would count it against a task if this process ended, what this process
  /// executes.
  private void lookAtWhatIsExecuted() {
    willLook = false;
    if (!absence.isOn()) {
      sendIfAny(ofBoss.toTell(executedHere()));
    }
  }

  private void lookLater() {
    if (!willLook && mayReturn && !absence.isOn() && !ofBoss.isEmpty()) {
      willLook = true;
      after(LOOKS, this::lookAtWhatIsExecuted);
    }
  }

  private void updateUpstreamIdleWorkers() {
    boolean isBusy = waiting().numReady() > 0;
    sendIfAny(
        bossBelieves.toTellOfIdle(isBusy ? 0 : Math.max(0, numIdleWorkers() - numSuspects())));
  }

  /// A task of my own workers runs again here or elsewhere; of one of the boss's the boss decides.
  @Override
  protected void taskLost(RuntimeTask task, Death death) {
    if (ofBoss.remove(task.id()) != null) {
      // Its descendants end with the cancel by which the boss begins it anew.
      sendUp(new Message.Lost(task.id(), death != Death.NONE, death == Death.ALONE));
    } else if (isMyWorker(task.id().address().workerId())) {
      runAgain(task, death);
    }
  }

  @Override
  protected void handleShutdown() {
    if (!hasStopped) {
      hasStopped = true;
      super.handleShutdown();
      sendUp(new Message.Shutdown());
      emit(new Effect.Stopped());
    }
  }

  /// Whether the boss is there and knows how many workers there are.
  public boolean hasStarted() {
    return bossBelieves.hasStarted() && !absence.isOn();
  }

  /// Tasks of the boss's that are here.
  public int numTasksOfBoss() {
    return ofBoss.size();
  }

  @Override
  public void checkIdle() {
    super.checkIdle();
    if (!ofBoss.isEmpty() || !lent.isEmpty()) {
      throw new AssertionError(
          "tasks of the boss " + ofBoss.ids() + ", with the boss " + lent.addresses());
    }
  }

  /// A worker that is believed idle has nothing in hand. (Of nodes that is not so: they say how
  /// many of theirs are idle.)
  @Override
  public void verify() {
    super.verify();
    for (RuntimeEmployee worker : employees()) {
      if (!isNode(worker.link()) && worker.numIdleWorkers() > 0 && worker.numInHand() > 0) {
        throw new AssertionError(
            worker.link() + " is believed idle and has " + worker.numInHand() + " tasks in hand");
      }
    }
  }
}
