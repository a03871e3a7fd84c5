package io.quern.manager;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.protocol.Failure;
import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.runtime.DropReason;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import io.quern.runtime.RuntimeEmployee;
import io.quern.runtime.ServerBase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private static final long AHEAD_NANOS = 1_000_000;

  /// Ids given at once to an employee that has workers of its own; it asks for more when it needs
  /// them.
  private static final long NODE_IDS = 1_024;

  /// How many processes may end with a task in hand before it fails.
  private static final int MAX_DEATHS = 3;

  private final LinkId boss;
  private final int workers;
  private final List<String> labels;

  /// Ids not given out yet; null before the boss has given any.
  private @Nullable IdBlock free;

  /// Employees with workers of their own.
  private final Set<LinkId> nodes = new HashSet<>();

  /// Who waits for ids until the boss has given some.
  private final Deque<LinkId> waitingForIds = new ArrayDeque<>();

  /// Tasks of the boss's that are here, by id.
  private final Map<RuntimeTaskId, RuntimeTask> ofBoss = new LinkedHashMap<>();

  /// Tasks of my workers that the boss has placed or will, by return address.
  private final Map<RuntimeAddress, RuntimeTask> sentUp = new LinkedHashMap<>();

  private final Predicate<RuntimeFunction<?, ?>> canTravel;
  private boolean hasSpawned;
  private boolean hasStarted;
  private boolean isDraining;
  private boolean hasStopped;
  private boolean owesBacklog;

  /// What the boss believes.
  private int workersSentUp;

  private int idleSentUp;
  private boolean backlogSentUp;
  private @Nullable RuntimeTaskId mostRecentReadSubmit;

  /// @param boss the link upwards
  /// @param workers to be spawned here; may be none if others join
  /// @param canTravel whether a function's tasks may leave the process
  public Manager(LinkId boss, int workers, Predicate<RuntimeFunction<?, ?>> canTravel) {
    this(boss, workers, List.of(), canTravel);
  }

  /// As the other one, with labels that the workers spawned here offer.
  public Manager(
      LinkId boss, int workers, List<String> labels, Predicate<RuntimeFunction<?, ?>> canTravel) {
    super(AHEAD_NANOS, MAX_DEATHS);
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
      case Event.LinkOpened(LinkId link) -> handleConnect(link);
      case Event.NodeOpened(LinkId link) -> {
        nodes.add(link);
        handleConnect(link);
      }
      case Event.LinkClosed(LinkId link) -> {
        if (link.equals(boss)) {
          handleShutdown();
        } else {
          nodes.remove(link);
          waitingForIds.removeIf(link::equals);
          handleDisconnect(link);
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
  protected boolean isNode(LinkId link) {
    return nodes.contains(link);
  }

  @Override
  protected List<String> labelsOf(LinkId link) {
    return nodes.contains(link) ? List.of() : labels;
  }

  private void dispatchFromAbove(Message message) {
    switch (message) {
      case Message.Connect(IdBlock block) -> handleIds(block);
      case Message.Submit(RuntimeTask task) -> handleSubmit(List.of(task));
      case Message.SubmitBatch(List<RuntimeTask> tasks) -> handleSubmit(tasks);
      case Message.Result result -> {
        sentUp.remove(result.task().address());
        sendResultDown(result.task(), result);
      }
      case Message.Error error -> {
        sentUp.remove(error.task().address());
        sendResultDown(error.task(), error);
      }
      case Message.Credit(int tasks) -> handleCredit(tasks);
      case Message.Cancel cancel -> {
        sentUp.values().removeIf(task -> isEndedBy(cancel, task));
        ofBoss.values().removeIf(task -> task.isCoveredBy(cancel));
        broadcastCancel(
            cancel.address(),
            cancel.upToAttempt(),
            () -> send(boss, new Message.Ack(cancel.number())));
      }
      case Message.Shutdown() -> handleShutdown();
      case Message.Started _,
          Message.MoreIds _,
          Message.Backlog _,
          Message.Lost _,
          Message.Drain _,
          Message.Log _,
          Message.ProgressMade _,
          Message.Checkpoint _,
          Message.BlockDone _,
          Message.Inventory _,
          Message.OpenSubmits _,
          Message.Attached _,
          Message.Taken _,
          Message.Ack _,
          Message.Waiting _,
          Message.Update _,
          Message.Roster _ ->
          throw new IllegalArgumentException("the boss sent " + message);
    }
  }

  private void dispatchFromBelow(LinkId link, Message message) {
    switch (message) {
      case Message.Started started -> handleStarted(link, started);
      case Message.MoreIds() -> handleMoreIds(link);
      case Message.Submit(RuntimeTask task) -> handleSubmitFromBelow(link, List.of(task));
      case Message.SubmitBatch(List<RuntimeTask> tasks) -> handleSubmitFromBelow(link, tasks);
      case Message.Result result ->
          handleResultFromBelow(link, result.task(), result, result.nanos());
      case Message.Error error -> handleResultFromBelow(link, error.task(), error, error.nanos());
      case Message.Log log -> send(boss, log);
      case Message.ProgressMade progress -> send(boss, progress);
      case Message.Checkpoint checkpoint -> send(boss, checkpoint);
      case Message.BlockDone block -> send(boss, block);
      case Message.Cancel cancel -> broadcastCancel(cancel.address(), cancel.upToAttempt(), null);
      case Message.Ack ack -> handleAck(link, ack);
      case Message.Waiting waiting -> handleWaiting(link, waiting);
      case Message.Update update -> handleUpdate(link, update);
      case Message.Backlog backlog -> handleBacklog(link, backlog);
      case Message.Lost lost -> handleLost(link, lost);
      case Message.Drain drain -> handleDrain(link, drain);
      case Message.Roster roster -> handleRoster(link, roster);
      case Message.Shutdown _ -> employeeLeaves(link);
      case Message.Connect _,
          Message.Credit _,
          Message.Inventory _,
          Message.OpenSubmits _,
          Message.Attached _,
          Message.Taken _ ->
          throw new IllegalArgumentException("worker at " + link + " sent " + message);
    }
  }

  @Override
  protected void settle() {
    super.settle();
    reportWorkers();
    updateUpstreamIdleWorkers();
    reportBacklog();
    if (isDraining && ofBoss.isEmpty()) {
      handleShutdown();
    }
  }

  /// Ids from the boss: the first time for the workers to be spawned, later for those who wait.
  private void handleIds(IdBlock block) {
    free = block;
    if (!hasSpawned) {
      hasSpawned = true;
      if (workers > 0) {
        emit(new Effect.Spawn(workers));
      }
    }
    List<LinkId> waiting = List.copyOf(waitingForIds);
    waitingForIds.clear();
    for (LinkId link : waiting) {
      IdBlock ids = idsForNextEmployee(link);
      if (ids != null) {
        connectFurther(link, ids);
      }
    }
  }

  @Override
  protected @Nullable IdBlock idsForNextEmployee(LinkId link) {
    long wanted = nodes.contains(link) ? NODE_IDS : 1;
    IdBlock rest = free;
    if (rest == null || rest.upper() - rest.lower() <= wanted) {
      if (rest != null && waitingForIds.isEmpty()) {
        send(boss, new Message.MoreIds());
      }
      waitingForIds.add(link);
      return null;
    }
    free = new IdBlock(rest.lower() + wanted, rest.upper());
    return new IdBlock(rest.lower(), rest.lower() + wanted);
  }

  /// Tells the boss how many workers there are, once those spawned here are ready.
  private void reportWorkers() {
    int total = totalWorkers();
    if (!hasStarted && hasSpawned && total >= workers) {
      hasStarted = true;
      workersSentUp = total;
      idleSentUp = total;
      send(boss, new Message.Started(total));
    } else if (hasStarted && total != workersSentUp) {
      idleSentUp = Math.clamp(idleSentUp + (long) total - workersSentUp, 0, total);
      workersSentUp = total;
      send(boss, new Message.Started(total));
    }
  }

  private void handleSubmit(List<RuntimeTask> tasks) {
    mostRecentReadSubmit = tasks.getFirst().id();
    idleSentUp -= Math.min(tasks.size(), idleSentUp);
    tasks.forEach(task -> ofBoss.put(task.id(), task));
    scheduleTasks(tasks, false);
    if (isDraining) {
      handBack();
    }
  }

  /// New tasks of my workers: placed here as far as there is room, the boss is told of the rest.
  private void handleSubmitFromBelow(LinkId link, List<RuntimeTask> tasks) {
    if (nodes.contains(link)) {
      checkSubmitter(link, tasks);
    }
    scheduleTasks(tasks, canTravel.test(tasks.getFirst().function()));
  }

  /// There is room elsewhere: tasks that wait here may go up.
  private void handleCredit(int tasks) {
    owesBacklog = true;
    List<RuntimeTask> taken = takeForBoss(tasks);
    if (!taken.isEmpty()) {
      taken.forEach(task -> sentUp.put(task.id().address(), task));
      send(boss, new Message.SubmitBatch(taken));
    }
  }

  private void reportBacklog() {
    int waiting = isDraining ? 0 : numReadyMayLeave();
    if (hasStarted && (owesBacklog || waiting > 0 != backlogSentUp)) {
      owesBacklog = false;
      backlogSentUp = waiting > 0;
      send(boss, new Message.Backlog(waiting, nanosOfNextReady()));
    }
  }

  /// What ends below ends with the boss too, as far as it has been sent there.
  @Override
  protected void cancelled(Message.Cancel cancel) {
    if (!sentUp.isEmpty() && sentUp.values().removeIf(task -> isEndedBy(cancel, task))) {
      send(boss, cancel);
    }
  }

  /// Whether nobody awaits a task any more that the boss has. A cancel of one attempt of the task
  /// itself comes from the boss, who has it run again and still owes its result.
  private static boolean isEndedBy(Message.Cancel cancel, RuntimeTask task) {
    return cancel.covers(task.id())
        ? cancel.upToAttempt() == Integer.MAX_VALUE
        : task.isCoveredBy(cancel);
  }

  private void employeeLeaves(LinkId link) {
    handleDrain(link, new Message.Drain(List.of()));
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
    for (RuntimeTask task : takeReady(task -> ofBoss.containsKey(task.id()))) {
      ofBoss.remove(task.id());
      unstarted.add(task.id());
    }
    send(boss, new Message.Drain(unstarted));
  }

  /// A result goes to the worker that awaits it if that is one of mine, otherwise up.
  private void handleResultFromBelow(LinkId link, RuntimeTaskId task, Message message, long nanos) {
    if (finished(link, task, nanos) == null) {
      return;
    }
    if (ofBoss.remove(task) != null) {
      // Also if it is for one of mine, who had handed it in: the boss keeps books of it.
      send(boss, message);
    } else if (isMyWorker(task.address().workerId())) {
      sendResultDown(task, message);
    } else {
      drop(DropReason.LATE_RESULT);
    }
  }

  private void updateUpstreamIdleWorkers() {
    int idle = numReadyTasks() > 0 ? 0 : numIdleWorkers();
    if (hasStarted && idle != idleSentUp) {
      idleSentUp = idle;
      send(boss, new Message.Waiting(idle, mostRecentReadSubmit));
    }
  }

  /// A task of my own workers runs again here or elsewhere; of one of the boss's the boss decides.
  @Override
  protected void taskLost(RuntimeTask task, boolean wasInHand) {
    if (ofBoss.remove(task.id()) != null) {
      // Its descendants end with the cancel by which the boss begins it anew.
      send(boss, new Message.Lost(task.id(), wasInHand));
    } else if (isMyWorker(task.id().address().workerId())) {
      Failure failure = runAgain(task, wasInHand);
      if (failure != null) {
        sendResultDown(task.id(), new Message.Error(task.id(), RuntimeAddress.SERVER, failure, 0));
      }
    }
  }

  @Override
  protected void handleShutdown() {
    if (!hasStopped) {
      hasStopped = true;
      super.handleShutdown();
      send(boss, new Message.Shutdown());
      emit(new Effect.Stopped());
    }
  }

  /// Whether the boss knows how many workers there are.
  public boolean hasStarted() {
    return hasStarted;
  }

  /// Tasks of the boss's that are here.
  public int numTasksOfBoss() {
    return ofBoss.size();
  }

  @Override
  public void checkIdle() {
    super.checkIdle();
    if (!ofBoss.isEmpty() || !sentUp.isEmpty()) {
      throw new AssertionError(
          "tasks of the boss " + ofBoss.keySet() + ", with the boss " + sentUp.keySet());
    }
  }

  /// A worker that is believed idle has nothing in hand. (Of nodes that is not so: they say how
  /// many of theirs are idle.)
  @Override
  public void verify() {
    super.verify();
    for (RuntimeEmployee worker : employees()) {
      if (!nodes.contains(worker.link()) && worker.numIdleWorkers() > 0 && worker.numInHand() > 0) {
        throw new AssertionError(
            worker.link() + " is believed idle and has " + worker.numInHand() + " tasks in hand");
      }
    }
  }
}
