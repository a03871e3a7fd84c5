package io.quern.bqskit;

import io.quern.bqskit.codec.WireCodec;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.ToClient;
import io.quern.bqskit.wire.ToManager;
import io.quern.task.CompilationTask;
import io.quern.task.RecordWriter;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that runs a [BqskitServer]: it reads what its connections have, does what the core
/// wants done, and writes. Whatever may wait or takes long has a virtual thread of its own.
final class BqskitLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BqskitLoop.class);

  /// Events handled before their effects are done, as far as they come from within.
  private static final int ROUND = 512;

  private final BqskitServer core;
  private final RecordWriter writer;
  private final InstantSource clock;
  private final WireConnections connections = new WireConnections();
  private final ClientConnections clients;
  private final ManagerConnections managers;
  private final StoreReads reads;
  private final OpenRequests requests;
  private final Thread thread;
  private volatile BqskitStatistics statistics;
  private volatile boolean isRunning = true;

  // Used by the loop's thread alone.

  private final List<BqskitEvent> round = new ArrayList<>();
  private Instant now = Instant.MIN;
  private Instant wakeAt = Instant.MAX;

  /// @param buffer bytes that may wait for a client, or for all managers together
  BqskitLoop(
      BqskitServer core,
      TaskStore store,
      String tenant,
      RecordWriter writer,
      InstantSource clock,
      WireCodec clientCodec,
      WireCodec managerCodec,
      long buffer) {
    this.core = core;
    this.writer = writer;
    this.clock = clock;
    FrameInterpreter interpreter = new FrameInterpreter(connections, round::add);
    clients = new ClientConnections(connections, interpreter, clientCodec, buffer, round::add);
    managers = new ManagerConnections(connections, interpreter, managerCodec, buffer, round::add);
    reads = new StoreReads(store, tenant, this::tell);
    requests = new OpenRequests(store);
    statistics = core.statistics();
    thread = Thread.ofPlatform().daemon().name("quern-bqskit").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Hands the loop an event. May be called by any thread.
  void tell(BqskitEvent event) {
    connections.hand(() -> round.add(event));
  }

  ClientConnections clients() {
    return clients;
  }

  ManagerConnections managers() {
    return managers;
  }

  // ---- other ways in

  CompletableFuture<SubmitAnswer> submit(NewTask task, PickledValue input) {
    OpenRequests.Open<SubmitAnswer> open = requests.submission();
    tell(new BqskitEvent.Submitted(open.number(), task, input));
    return open.answer();
  }

  CompletableFuture<@Nullable CompilationTask> cancel(String owner, TaskId task) {
    OpenRequests.Open<@Nullable CompilationTask> open = requests.cancel();
    tell(new BqskitEvent.CancelAsked(open.number(), owner, task));
    return open.answer();
  }

  BqskitStatistics statistics() {
    return statistics;
  }

  /// Tells the managers to end, and waits until they have, at most so long.
  void shutDownManagers(Duration atMost) throws InterruptedException {
    managers.awaitEndsAfter(() -> tell(new BqskitEvent.Stopping()), atMost);
  }

  /// Ends the loop and all connections.
  @Override
  public void close() {
    isRunning = false;
    tell(new BqskitEvent.TimerFired());
    boolean wasInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        wasInterrupted = true;
      }
    }
    connections.close();
    requests.close();
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- the loop

  private void run() {
    while (isRunning) {
      try {
        connections.work(nanosToTimer(), ROUND);
        Instant time = clock.instant();
        now = time.isAfter(now) ? time : now;
        if (!now.isBefore(wakeAt)) {
          wakeAt = Instant.MAX;
          round.add(new BqskitEvent.TimerFired());
        }
        if (!round.isEmpty()) {
          List<BqskitEvent> events = List.copyOf(round);
          round.clear();
          core.handle(events, now).forEach(this::performSafely);
          statistics = core.statistics();
        }
        connections.flush();
        clients.watchOutput();
        managers.watchOutput();
      } catch (RuntimeException | Error e) {
        // Whatever it is, other tasks must go on; what was being handled is lost.
        log.error("the loop of BQSKit's wire failed", e);
        round.clear();
      }
    }
  }

  private long nanosToTimer() {
    if (!round.isEmpty()) {
      return 0;
    }
    if (wakeAt.equals(Instant.MAX)) {
      return Long.MAX_VALUE;
    }
    Duration left = Duration.between(clock.instant(), wakeAt);
    return left.compareTo(Duration.ofDays(1)) > 0 ? Long.MAX_VALUE : Math.max(0, left.toNanos());
  }

  /// Does what is wanted; what cannot be done keeps nothing else from being done.
  private void performSafely(BqskitEffect effect) {
    try {
      perform(effect);
    } catch (RuntimeException | OutOfMemoryError e) {
      log.error("{} cannot be done", effect.getClass().getSimpleName(), e);
      undone(effect);
    }
  }

  /// Says so to whoever waits for it.
  private void undone(BqskitEffect effect) {
    String reason = "what it is to be told cannot be written";
    String noThread = "there is no room for the question";
    switch (effect) {
      case BqskitEffect.Tell(long id, ToClient _) -> clients.fail(id, reason);
      case BqskitEffect.TellManager(long id, ToManager _) -> managers.fail(id, reason);
      case BqskitEffect.Persist(long seq, List<TaskRecord> _) -> tell(new BqskitEvent.Refused(seq));
      case BqskitEffect.ReadBack(long seq, TaskId _) -> tell(new BqskitEvent.ReadBackFailed(seq));
      case BqskitEffect.LoadInput(TaskId task) ->
          tell(new BqskitEvent.InputNotLoaded(task, noThread, false));
      case BqskitEffect.Look look -> tell(new BqskitEvent.ReadFailed(look.connection(), noThread));
      case BqskitEffect.Read read -> tell(new BqskitEvent.ReadFailed(read.connection(), noThread));
      case BqskitEffect.Announce _,
          BqskitEffect.ArmTimer _,
          BqskitEffect.Broken _,
          BqskitEffect.CloseClient _,
          BqskitEffect.CloseManager _,
          BqskitEffect.Decode _,
          BqskitEffect.Reply _,
          BqskitEffect.ReplyStatus _,
          BqskitEffect.Resume _ -> {}
    }
  }

  private void perform(BqskitEffect effect) {
    switch (effect) {
      case BqskitEffect.Tell(long id, ToClient message) -> clients.tell(id, message);
      case BqskitEffect.TellManager(long id, ToManager message) -> managers.tell(id, message);
      case BqskitEffect.CloseClient(long id, String reason) -> clients.close(id, reason);
      case BqskitEffect.CloseManager(long id, String reason) -> managers.close(id, reason);
      case BqskitEffect.Resume(long id) -> clients.dealtWith(id);
      case BqskitEffect.Persist(long seq, List<TaskRecord> records) -> {
        boolean isTaken =
            writer.offer(records, outcomes -> tell(new BqskitEvent.Committed(seq, outcomes)));
        if (!isTaken) {
          tell(new BqskitEvent.Refused(seq));
        }
      }
      case BqskitEffect.ReadBack(long seq, TaskId task) -> reads.readBack(seq, task);
      case BqskitEffect.Announce(TaskId task, long number) -> writer.announce(task, number);
      case BqskitEffect.LoadInput(TaskId task) -> reads.loadInput(task);
      case BqskitEffect.Look look -> reads.look(look.connection(), look.id());
      case BqskitEffect.Read read -> reads.read(read);
      case BqskitEffect.Decode(TaskId task, PickledValue returned) -> reads.decode(task, returned);
      case BqskitEffect.Reply(long reply, SubmitAnswer answer) -> requests.answer(reply, answer);
      case BqskitEffect.ReplyStatus(long reply, TaskId task) -> requests.answer(reply, task);
      case BqskitEffect.ArmTimer(Instant at) -> wakeAt = at.isBefore(wakeAt) ? at : wakeAt;
      case BqskitEffect.Broken(String event, RuntimeException cause) ->
          log.error("{} could not be dealt with", event, cause);
    }
  }
}
