package io.quern.bqskit;

import io.quern.bqskit.BqskitEvent.LoggedRecord;
import io.quern.bqskit.codec.FrameMemory;
import io.quern.bqskit.codec.WireCodec;
import io.quern.bqskit.wire.FromClient;
import io.quern.bqskit.wire.FromManager;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.ToClient;
import io.quern.bqskit.wire.ToManager;
import io.quern.bqskit.wire.WireResult;
import io.quern.bqskit.wire.WireTask;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.link.Inbox;
import io.quern.task.CompilationTask;
import io.quern.task.Payload;
import io.quern.task.PythonInput;
import io.quern.task.Submission;
import io.quern.task.TaskError;
import io.quern.task.TaskEvent;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.task.TaskStore;
import io.quern.task.TaskStore.KeyedTask;
import io.quern.task.TaskStore.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that runs a [BqskitServer]: it drains one inbox and does what the core wants done.
/// Whatever may wait has a virtual thread of its own.
final class BqskitLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BqskitLoop.class);

  /// Events handled before their effects are done.
  private static final int ROUND = 512;

  /// Messages of one client that may wait, unanswered submissions among them.
  private static final int CLIENT_MESSAGES = 256;

  /// What a message takes beside the values in it, in bytes.
  private static final int MESSAGE_BYTES = 128;

  private record Peer(WireConnection connection, Semaphore messages) {}

  private final BqskitServer core;
  private final TaskStore store;
  private final String tenant;
  private final BiPredicate<List<TaskRecord>, Consumer<List<Outcome>>> writer;
  private final InstantSource clock;
  private final WireCodec clientCodec;
  private final WireCodec managerCodec;
  private final ByteBudget incoming;
  private final ByteBudget outgoing;
  private final FrameMemory clientFrames = FrameMemory.shareOfMemory(4);
  private final FrameMemory managerFrames = FrameMemory.shareOfMemory(4);
  private final Inbox<Incoming> inbox = new Inbox<>(Integer.MAX_VALUE);
  private final Map<Long, Peer> clients = new ConcurrentHashMap<>();
  private final Map<Long, WireConnection> managers = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<SubmitAnswer>> answers = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<@Nullable CompilationTask>> statuses =
      new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final Thread thread;
  private volatile BqskitStatistics statistics;
  private volatile boolean isRunning = true;
  private Instant now = Instant.MIN;
  private Instant wakeAt = Instant.MAX;

  /// @param bytes what it takes until it is handled
  private record Incoming(BqskitEvent event, int bytes) {}

  /// @param writer offers records to the store's writer
  /// @param buffer bytes that may wait in either direction before nothing more is read
  BqskitLoop(
      BqskitServer core,
      TaskStore store,
      String tenant,
      BiPredicate<List<TaskRecord>, Consumer<List<Outcome>>> writer,
      InstantSource clock,
      WireCodec clientCodec,
      WireCodec managerCodec,
      long buffer) {
    this.core = core;
    this.store = store;
    this.tenant = tenant;
    this.writer = writer;
    this.clock = clock;
    this.clientCodec = clientCodec;
    this.managerCodec = managerCodec;
    incoming = new ByteBudget(buffer);
    outgoing = new ByteBudget(buffer);
    statistics = core.statistics();
    thread = Thread.ofPlatform().daemon().name("quern-bqskit").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void tell(BqskitEvent event) {
    inbox.put(new Incoming(event, 0));
  }

  long nextConnection() {
    return numbers.incrementAndGet();
  }

  ByteBudget outgoing() {
    return outgoing;
  }

  /// Counts the frames of all clients together.
  FrameMemory clientFrames() {
    return clientFrames;
  }

  /// Counts the frames of all managers together.
  FrameMemory managerFrames() {
    return managerFrames;
  }

  /// Serves a client until its connection ends.
  void serveClient(WireConnection connection) {
    Semaphore messages = new Semaphore(CLIENT_MESSAGES);
    clients.put(connection.id(), new Peer(connection, messages));
    tell(new BqskitEvent.ClientConnected(connection.id()));
    connection.run(
        new WireConnection.Receiver() {
          @Override
          public void received(byte[] frame) throws InterruptedException {
            FromClient message = clientCodec.readClient(frame);
            messages.acquire();
            take(new BqskitEvent.ClientSaid(connection.id(), message), frame.length);
          }

          @Override
          public void closed(String reason) {
            clients.remove(connection.id());
            log.info("client {} has gone: {}", connection.name(), reason);
            tell(new BqskitEvent.ClientGone(connection.id()));
          }
        });
  }

  /// Works with a manager until its connection ends.
  ///
  /// @return why it ended
  String serveManager(WireConnection connection) {
    managers.put(connection.id(), connection);
    String[] why = new String[] {""};
    tell(new BqskitEvent.ManagerConnected(connection.id(), connection.name()));
    connection.run(
        new WireConnection.Receiver() {
          @Override
          public void received(byte[] frame) throws InterruptedException {
            FromManager message = managerCodec.readManager(frame);
            if (message instanceof FromManager.Started(int workers)) {
              log.info("manager {} has started with {} workers", connection.name(), workers);
            }
            take(new BqskitEvent.ManagerSaid(connection.id(), message), frame.length);
          }

          @Override
          public void closed(String reason) {
            managers.remove(connection.id());
            why[0] = reason;
            tell(new BqskitEvent.ManagerGone(connection.id(), reason));
          }
        });
    return why[0];
  }

  private void take(BqskitEvent event, int frame) throws InterruptedException {
    outgoing.awaitRoom();
    incoming.awaitRoom();
    int bytes = frame + MESSAGE_BYTES;
    incoming.add(bytes);
    inbox.put(new Incoming(event, bytes));
  }

  CompletableFuture<SubmitAnswer> submit(NewTask task, PickledValue input) {
    CompletableFuture<SubmitAnswer> future = new CompletableFuture<>();
    long reply = numbers.incrementAndGet();
    answers.put(reply, future);
    if (isRunning) {
      tell(new BqskitEvent.Submitted(reply, task, input));
    } else {
      answers.remove(reply);
      future.complete(new SubmitAnswer.Draining());
    }
    return future;
  }

  CompletableFuture<@Nullable CompilationTask> cancel(String owner, TaskId task) {
    CompletableFuture<@Nullable CompilationTask> future = new CompletableFuture<>();
    long reply = numbers.incrementAndGet();
    statuses.put(reply, future);
    if (isRunning) {
      tell(new BqskitEvent.CancelAsked(reply, owner, task));
    } else {
      statuses.remove(reply);
      future.completeExceptionally(
          new QuernException(ErrorCode.DRAINING, "the service is stopping"));
    }
    return future;
  }

  BqskitStatistics statistics() {
    return statistics;
  }

  /// Tells the managers to end, and waits until they have been told.
  void shutDownManagers(Duration atMost) throws InterruptedException {
    List<WireConnection> open = List.copyOf(managers.values());
    tell(new BqskitEvent.Stopping());
    for (WireConnection connection : open) {
      connection.awaitEnd(atMost);
    }
  }

  /// Ends the loop and all connections.
  @Override
  public void close() {
    isRunning = false;
    incoming.close();
    outgoing.close();
    tell(new BqskitEvent.TimerFired());
    boolean wasInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        wasInterrupted = true;
      }
    }
    clients.values().forEach(peer -> peer.connection().close("the server stops"));
    managers.values().forEach(connection -> connection.close("the server stops"));
    answers.values().forEach(future -> future.complete(new SubmitAnswer.Draining()));
    QuernException stopping = new QuernException(ErrorCode.DRAINING, "the service is stopping");
    statuses.values().forEach(future -> future.completeExceptionally(stopping));
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<BqskitEvent> round = new ArrayList<>();
    while (isRunning) {
      inbox.await(nanosToTimer());
      long[] bytes = new long[1];
      try {
        inbox.drain(
            ROUND,
            next -> {
              round.add(next.event());
              bytes[0] += next.bytes();
            });
        Instant time = clock.instant();
        now = time.isAfter(now) ? time : now;
        if (!now.isBefore(wakeAt)) {
          wakeAt = Instant.MAX;
          round.add(new BqskitEvent.TimerFired());
        }
        if (!round.isEmpty()) {
          core.handle(round, now).forEach(this::perform);
          statistics = core.statistics();
        }
      } catch (RuntimeException | Error e) {
        // Whatever it is, other tasks must go on; what was being handled is lost.
        log.error("the loop of BQSKit's wire failed", e);
      } finally {
        incoming.remove(bytes[0]);
        round.clear();
      }
    }
  }

  private long nanosToTimer() {
    if (wakeAt.equals(Instant.MAX)) {
      return Long.MAX_VALUE;
    }
    Duration left = Duration.between(clock.instant(), wakeAt);
    return left.compareTo(Duration.ofDays(1)) > 0 ? Long.MAX_VALUE : Math.max(0, left.toNanos());
  }

  private void perform(BqskitEffect effect) {
    switch (effect) {
      case BqskitEffect.Tell(long connection, ToClient message) -> {
        Peer peer = clients.get(connection);
        if (peer != null) {
          peer.connection().send(() -> clientCodec.write(message), size(message));
        }
      }
      case BqskitEffect.TellManager(long connection, ToManager message) -> {
        WireConnection manager = managers.get(connection);
        if (manager != null) {
          manager.send(() -> managerCodec.write(message), size(message));
        }
      }
      case BqskitEffect.CloseClient(long connection, String reason) -> {
        Peer peer = clients.get(connection);
        if (peer != null) {
          peer.connection().close(reason);
        }
      }
      case BqskitEffect.CloseManager(long connection, String reason) -> {
        WireConnection manager = managers.get(connection);
        if (manager != null) {
          log.warn("manager {} is let go: {}", manager.name(), reason);
          manager.close(reason);
        }
      }
      case BqskitEffect.Resume(long connection) -> {
        Peer peer = clients.get(connection);
        if (peer != null) {
          peer.messages().release();
        }
      }
      case BqskitEffect.Persist(long seq, List<TaskRecord> records) -> {
        boolean isTaken =
            writer.test(records, outcomes -> tell(new BqskitEvent.Committed(seq, outcomes)));
        if (!isTaken) {
          tell(new BqskitEvent.Refused(seq));
        }
      }
      case BqskitEffect.LoadInput(TaskId task) -> aside(() -> loadInput(task));
      case BqskitEffect.Look(long connection, UUID id) -> aside(() -> look(connection, id));
      case BqskitEffect.Read read -> aside(() -> read(read));
      case BqskitEffect.Decode(TaskId task, PickledValue returned) ->
          aside(() -> decode(task, returned));
      case BqskitEffect.Reply(long reply, SubmitAnswer answer) -> {
        CompletableFuture<SubmitAnswer> future = answers.remove(reply);
        if (future != null) {
          aside(() -> future.complete(answer));
        }
      }
      case BqskitEffect.ReplyStatus(long reply, TaskId task) ->
          aside(() -> replyStatus(reply, task));
      case BqskitEffect.ArmTimer(Instant at) -> wakeAt = at.isBefore(wakeAt) ? at : wakeAt;
    }
  }

  private static int size(ToClient message) {
    return switch (message) {
      case ToClient.Result(PickledValue result) -> result.size() + MESSAGE_BYTES;
      case ToClient.Log(PickledValue record) -> record.size() + MESSAGE_BYTES;
      case ToClient.Failure(String text) -> text.length() + MESSAGE_BYTES;
      case ToClient.Ready _, ToClient.Status _, ToClient.Cancel _ -> MESSAGE_BYTES;
    };
  }

  private static int size(ToManager message) {
    return switch (message) {
      case ToManager.Submit(List<WireTask> tasks) -> {
        long bytes = MESSAGE_BYTES;
        for (WireTask task : tasks) {
          bytes += task.value().size();
        }
        yield (int) Math.min(bytes, Integer.MAX_VALUE);
      }
      case ToManager.Result(WireResult result) -> result.value().size() + MESSAGE_BYTES;
      case ToManager.Communicate(PickledValue payload) -> payload.size() + MESSAGE_BYTES;
      case ToManager.Connect _, ToManager.Cancel _, ToManager.ImportPath _, ToManager.Shutdown _ ->
          MESSAGE_BYTES;
    };
  }

  private void loadInput(TaskId task) {
    try {
      PythonInput input = store.findPythonInput(task);
      tell(
          input == null
              ? new BqskitEvent.InputNotLoaded(task, "it is not in the store", true)
              : new BqskitEvent.InputLoaded(task, PickledValue.of(input.task().toBytes())));
    } catch (RuntimeException e) {
      log.warn("the input of {} cannot be read", task, e);
      tell(new BqskitEvent.InputNotLoaded(task, reason(e), false));
    }
  }

  private void look(long connection, UUID id) {
    try {
      KeyedTask found = store.findByKey(tenant, ClientIds.key(id));
      tell(new BqskitEvent.Looked(connection, id, found == null ? null : found.task()));
    } catch (RuntimeException e) {
      log.warn("the store cannot say what {} is", id, e);
      tell(new BqskitEvent.ReadFailed(connection, reason(e)));
    }
  }

  private void read(BqskitEffect.Read read) {
    try {
      List<LoggedRecord> records =
          store.pythonRecords(read.task(), read.after()).stream()
              .map(
                  each -> new LoggedRecord(each.number(), PickledValue.of(each.record().toBytes())))
              .toList();
      Payload result = store.findPythonResult(read.task());
      tell(
          new BqskitEvent.Read(
              read.connection(),
              read.task(),
              records,
              result == null ? null : PickledValue.of(result.toBytes())));
    } catch (RuntimeException e) {
      log.warn("the log of {} cannot be read", read.task(), e);
      tell(new BqskitEvent.ReadFailed(read.connection(), reason(e)));
    }
  }

  private void decode(TaskId task, PickledValue returned) {
    try {
      Submission submission = store.findSubmission(task);
      if (submission == null) {
        throw new IllegalStateException("its submission is not in the store");
      }
      tell(
          new BqskitEvent.Decoded(
              task,
              TaskState.DONE,
              new TaskEvent.ResultReady(
                  TaskState.DONE, BqskitCompilation.result(submission, returned))));
    } catch (RuntimeException e) {
      log.warn("the result of {} is not usable", task, e);
      tell(
          new BqskitEvent.Decoded(
              task,
              TaskState.FAILED,
              new TaskEvent.StateChanged(
                  TaskState.RUNNING,
                  TaskState.FAILED,
                  new TaskError(
                      ErrorCode.PASS_FAILED,
                      "BQSKit's result is not usable: " + reason(e),
                      null,
                      null,
                      null))));
    }
  }

  private void replyStatus(long reply, TaskId task) {
    CompletableFuture<@Nullable CompilationTask> future = statuses.remove(reply);
    if (future == null) {
      return;
    }
    try {
      future.complete(store.find(task));
    } catch (RuntimeException e) {
      future.completeExceptionally(new QuernException(ErrorCode.STORE_UNAVAILABLE, reason(e)));
    }
  }

  private static void aside(Runnable action) {
    Thread.startVirtualThread(action);
  }

  private static String reason(RuntimeException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
