package io.quern.manager;

import io.quern.failure.ErrorCode;
import io.quern.protocol.Failure;
import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import io.quern.runtime.RuntimeEmployee;
import io.quern.runtime.ServerBase;
import java.util.List;
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

  private final LinkId boss;
  private final int workers;
  private @Nullable IdBlock ids;
  private int workersConnected;
  private boolean hasStarted;

  /// What the boss believes.
  private int idleSentUp;

  private @Nullable RuntimeTaskId mostRecentReadSubmit;

  /// @param boss the link upwards
  public Manager(LinkId boss, int workers) {
    super(AHEAD_NANOS);
    if (workers < 1 || workers > IdBlock.SIZE) {
      throw new IllegalArgumentException(
          "a manager has 1 to " + IdBlock.SIZE + " workers, found " + workers);
    }
    this.boss = boss;
    this.workers = workers;
  }

  @Override
  protected void dispatch(Event event) {
    switch (event) {
      case Event.LinkOpened(LinkId link) -> handleConnect(link);
      case Event.LinkClosed(LinkId link) -> {
        if (link.equals(boss)) {
          handleShutdown();
        } else {
          handleDisconnect(link);
        }
      }
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

  private void dispatchFromAbove(Message message) {
    switch (message) {
      case Message.Connect(IdBlock block) -> spawnWorkers(block);
      case Message.Submit(RuntimeTask task) -> handleSubmit(List.of(task));
      case Message.SubmitBatch(List<RuntimeTask> tasks) -> handleSubmit(tasks);
      case Message.Result result -> sendResultDown(result.task(), result);
      case Message.Error error -> sendResultDown(error.task(), error);
      case Message.Cancel cancel ->
          broadcastCancel(
              cancel.address(),
              cancel.upToAttempt(),
              () -> send(boss, new Message.Ack(cancel.number())));
      case Message.Shutdown() -> handleShutdown();
      case Message.Started _,
          Message.Log _,
          Message.ProgressMade _,
          Message.Ack _,
          Message.Waiting _,
          Message.Update _ ->
          throw new IllegalArgumentException("the boss sent " + message);
    }
  }

  private void dispatchFromBelow(LinkId link, Message message) {
    switch (message) {
      case Message.Started started -> {
        handleStarted(link, started);
        reportStarted();
      }
      case Message.Submit(RuntimeTask task) -> scheduleTasks(List.of(task));
      case Message.SubmitBatch(List<RuntimeTask> tasks) -> scheduleTasks(tasks);
      case Message.Result result ->
          handleResultFromBelow(link, result.task(), result, result.nanos());
      case Message.Error error -> handleResultFromBelow(link, error.task(), error, error.nanos());
      case Message.Log log -> send(boss, log);
      case Message.ProgressMade progress -> send(boss, progress);
      case Message.Cancel cancel -> broadcastCancel(cancel.address(), cancel.upToAttempt(), null);
      case Message.Ack ack -> handleAck(link, ack);
      case Message.Waiting waiting -> handleWaiting(link, waiting);
      case Message.Update update -> handleUpdate(link, update);
      case Message.Shutdown _, Message.Connect _ ->
          throw new IllegalArgumentException("worker at " + link + " sent " + message);
    }
  }

  @Override
  protected void settle() {
    super.settle();
    updateUpstreamIdleWorkers();
  }

  private void spawnWorkers(IdBlock block) {
    if (ids != null) {
      throw new IllegalStateException("the boss gave ids twice");
    }
    ids = block;
    emit(new Effect.Spawn(workers));
  }

  @Override
  protected IdBlock idsForNextEmployee() {
    if (ids == null) {
      throw new IllegalStateException("the boss has given no ids yet");
    }
    return ids.single(workersConnected++);
  }

  private void reportStarted() {
    if (!hasStarted && totalWorkers() == workers) {
      hasStarted = true;
      idleSentUp = workers;
      send(boss, new Message.Started(workers));
    }
  }

  private void handleSubmit(List<RuntimeTask> tasks) {
    mostRecentReadSubmit = tasks.getFirst().id();
    idleSentUp -= Math.min(tasks.size(), idleSentUp);
    scheduleTasks(tasks);
  }

  /// A result goes to the worker that awaits it if that is one of mine, otherwise up.
  private void handleResultFromBelow(LinkId link, RuntimeTaskId task, Message message, long nanos) {
    if (finished(link, task, nanos) == null) {
      return;
    }
    if (isMyWorker(task.address().workerId())) {
      sendResultDown(task, message);
    } else {
      send(boss, message);
    }
  }

  private void updateUpstreamIdleWorkers() {
    int idle = numReadyTasks() > 0 ? 0 : numIdleWorkers();
    if (hasStarted && idle != idleSentUp) {
      idleSentUp = idle;
      send(boss, new Message.Waiting(idle, mostRecentReadSubmit));
    }
  }

  /// The workers share this manager's JVM, so one that is gone has ended in a way nobody foresaw:
  /// the parent is told, and decides.
  @Override
  protected void taskLost(RuntimeTask task) {
    Failure failure =
        new Failure(ErrorCode.INTERNAL, "the worker that ran it is gone", null, null, null);
    Message error = new Message.Error(task.id(), RuntimeAddress.SERVER, failure, 0);
    if (isMyWorker(task.id().address().workerId())) {
      sendResultDown(task.id(), error);
    } else {
      send(boss, error);
    }
  }

  @Override
  protected void handleShutdown() {
    super.handleShutdown();
    send(boss, new Message.Shutdown());
    emit(new Effect.Stopped());
  }

  /// A worker that is believed idle has nothing in hand.
  @Override
  public void verify() {
    super.verify();
    for (RuntimeEmployee worker : employees()) {
      if (worker.numIdleWorkers() > 0 && worker.numInHand() > 0) {
        throw new AssertionError(
            worker.link() + " is believed idle and has " + worker.numInHand() + " tasks in hand");
      }
    }
  }
}
