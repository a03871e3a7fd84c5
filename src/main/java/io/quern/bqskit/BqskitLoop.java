package io.quern.bqskit;

import io.quern.bqskit.codec.FrameMemory;
import io.quern.bqskit.codec.WireCodec;
import io.quern.bqskit.pickle.Pickle;
import io.quern.bqskit.pickle.PickleException;
import io.quern.bqskit.wire.FromManager;
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
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that runs a [BqskitServer]: it reads what its connections have, does what the core
/// wants done, and writes. Whatever may wait or takes long has a virtual thread of its own.
final class BqskitLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BqskitLoop.class);

  /// Events handled before their effects are done, as far as they come from within.
  private static final int ROUND = 512;

  /// Messages of one client that may wait, unanswered submissions among them.
  private static final int CLIENT_MESSAGES = 256;

  /// What a client may leave unread before nothing more is read from it.
  private static final long CLIENT_OUTPUT = 1 << 20;

  /// Bytes read from a client at a time: there may be many.
  private static final int CLIENT_READ = 16 << 10;

  /// Bytes read from a manager at a time.
  private static final int MANAGER_READ = 256 << 10;

  /// Frames from this length on are understood by a thread of their own.
  private static final int LONG_FRAME = 64 << 10;

  private static final class Client {
    final WireConnection connection;

    /// Of its messages, how many are not dealt with.
    int messages;

    Client(WireConnection connection) {
      this.connection = connection;
    }
  }

  /// How the work with a manager ended.
  ///
  /// @param hadStarted whether it had said that its workers are ready
  record Parting(String reason, boolean hadStarted) {}

  private final BqskitServer core;
  private final RecordWriter writer;
  private final InstantSource clock;
  private final WireCodec clientCodec;
  private final WireCodec managerCodec;
  private final long buffer;
  private final FrameMemory clientFrames = FrameMemory.shareOfMemory(4);
  private final FrameMemory managerFrames = FrameMemory.shareOfMemory(4);
  private final WireConnections connections = new WireConnections();
  private final StoreReads reads;
  private final OpenRequests requests;
  private final Thread thread;

  /// Managers' connections with what is told when they end.
  private final Map<Long, CompletableFuture<Parting>> managerEnds = new ConcurrentHashMap<>();

  private volatile BqskitStatistics statistics;
  private volatile boolean isRunning = true;

  // Used by the loop's thread alone.

  private final Map<Long, Client> clients = new HashMap<>();
  private final Map<Long, WireConnection> managers = new HashMap<>();
  private final Set<WireConnection> slowReaders = new HashSet<>();
  private final List<BqskitEvent> round = new ArrayList<>();
  private long lastConnection;
  private Instant now = Instant.MIN;
  private Instant wakeAt = Instant.MAX;
  private boolean isClusterFull;

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
    this.clientCodec = clientCodec;
    this.managerCodec = managerCodec;
    this.buffer = buffer;
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

  // ---- connections

  /// Serves a client until its connection ends.
  ///
  /// @param whenClosed told on the loop's thread
  void serveClient(SocketChannel channel, String name, long frameLimit, Runnable whenClosed) {
    WireConnection.Receiver receiver =
        new WireConnection.Receiver() {
          @Override
          public void received(WireConnection connection, byte[] frame) {
            Client client = clients.get(connection.id());
            if (client != null && ++client.messages >= CLIENT_MESSAGES) {
              connection.pause(WireConnection.Pause.MESSAGES);
            }
            understand(
                connection,
                frame,
                clientFrames,
                bytes ->
                    new BqskitEvent.ClientSaid(connection.id(), clientCodec.readClient(bytes)));
          }

          @Override
          public void closed(WireConnection connection, String reason) {
            clients.remove(connection.id());
            log.info("client {} has gone: {}", connection.name(), reason);
            round.add(new BqskitEvent.ClientGone(connection.id()));
            whenClosed.run();
          }
        };
    connections.hand(
        () -> {
          WireConnection connection =
              new WireConnection(
                  ++lastConnection, name, channel, frameLimit, clientFrames, CLIENT_READ, receiver);
          clients.put(connection.id(), new Client(connection));
          round.add(new BqskitEvent.ClientConnected(connection.id()));
          connections.add(connection);
        });
  }

  /// Works with a manager until its connection ends.
  ///
  /// @return how it ended, once it has
  CompletableFuture<Parting> serveManager(SocketChannel channel, String name, long frameLimit) {
    CompletableFuture<Parting> end = new CompletableFuture<>();
    WireConnection.Receiver receiver =
        new WireConnection.Receiver() {
          private boolean hasStarted;

          @Override
          public void received(WireConnection connection, byte[] frame) {
            understand(
                connection,
                frame,
                managerFrames,
                bytes -> {
                  FromManager message = managerCodec.readManager(bytes);
                  if (message instanceof FromManager.Started(int workers)) {
                    hasStarted = true;
                    log.info("manager {} has started with {} workers", name, workers);
                  }
                  return new BqskitEvent.ManagerSaid(connection.id(), message);
                });
          }

          @Override
          public void closed(WireConnection connection, String reason) {
            managers.remove(connection.id());
            managerEnds.remove(connection.id());
            round.add(new BqskitEvent.ManagerGone(connection.id(), reason));
            end.complete(new Parting(reason, hasStarted));
          }
        };
    connections.hand(
        () -> {
          WireConnection connection =
              new WireConnection(
                  ++lastConnection,
                  name,
                  channel,
                  frameLimit,
                  managerFrames,
                  MANAGER_READ,
                  receiver);
          managers.put(connection.id(), connection);
          managerEnds.put(connection.id(), end);
          round.add(new BqskitEvent.ManagerConnected(connection.id(), name));
          if (isClusterFull) {
            connection.pause(WireConnection.Pause.CLUSTER_OUTPUT);
          }
          connections.add(connection);
        });
    return end;
  }

  /// Makes an event of a frame: of a short one at once, of a long one elsewhere, while nothing more
  /// is read from its sender.
  private void understand(
      WireConnection connection,
      byte[] frame,
      FrameMemory memory,
      Function<byte[], BqskitEvent> codec) {
    if (frame.length < LONG_FRAME) {
      round.add(codec.apply(frame));
      return;
    }
    connection.pause(WireConnection.Pause.READING_FRAME);
    StoreReads.aside(
        () -> {
          Runnable next;
          try {
            BqskitEvent event = codec.apply(frame);
            next =
                () -> {
                  round.add(event);
                  connections.resume(connection, WireConnection.Pause.READING_FRAME);
                };
          } catch (PickleException e) {
            String reason = String.valueOf(e.getMessage());
            next = () -> connection.fail(reason);
          } catch (RuntimeException e) {
            log.error("a message of {} cannot be understood", connection.name(), e);
            next = () -> connection.fail("its message cannot be understood");
          } catch (OutOfMemoryError _) {
            next = () -> connection.fail("its message is larger than the memory left");
          } finally {
            memory.release(frame);
          }
          connections.hand(next);
        });
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
    List<CompletableFuture<Parting>> open = List.copyOf(managerEnds.values());
    tell(new BqskitEvent.Stopping());
    try {
      CompletableFuture.allOf(open.toArray(CompletableFuture[]::new))
          .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.warn("a manager does not end: it is left alone", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
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
        watchOutput();
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

  /// Stops reading from managers while they do not take what others want from them; reads again
  /// from clients that have taken what they were told.
  private void watchOutput() {
    if (!slowReaders.isEmpty()) {
      for (WireConnection each : List.copyOf(slowReaders)) {
        if (each.outgoingBytes() < CLIENT_OUTPUT) {
          slowReaders.remove(each);
          connections.resume(each, WireConnection.Pause.OWN_OUTPUT);
        }
      }
    }
    long waiting = 0;
    for (WireConnection manager : managers.values()) {
      waiting += manager.outgoingBytes();
    }
    boolean isFull = waiting >= buffer;
    if (isFull != isClusterFull) {
      isClusterFull = isFull;
      for (WireConnection manager : managers.values()) {
        if (isFull) {
          manager.pause(WireConnection.Pause.CLUSTER_OUTPUT);
        } else {
          connections.resume(manager, WireConnection.Pause.CLUSTER_OUTPUT);
        }
      }
    }
  }

  private void tellClient(WireConnection connection, Pickle message) {
    if (connection.outgoingBytes() >= buffer) {
      connection.fail("it does not read what it is told");
      return;
    }
    connection.send(message);
    connections.said(connection);
    if (connection.outgoingBytes() >= CLIENT_OUTPUT) {
      connection.pause(WireConnection.Pause.OWN_OUTPUT);
      slowReaders.add(connection);
    }
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

  private void undone(BqskitEffect effect) {
    String reason = "what it is to be told cannot be written";
    if (effect instanceof BqskitEffect.Tell(long id, ToClient _)) {
      Client client = clients.get(id);
      if (client != null) {
        client.connection.fail(reason);
      }
    } else if (effect instanceof BqskitEffect.TellManager(long id, ToManager _)) {
      WireConnection manager = managers.get(id);
      if (manager != null) {
        manager.fail(reason);
      }
    } else if (effect instanceof BqskitEffect.Persist(long seq, List<TaskRecord> _)) {
      tell(new BqskitEvent.Refused(seq));
    }
  }

  private void perform(BqskitEffect effect) {
    switch (effect) {
      case BqskitEffect.Tell(long id, ToClient message) -> {
        Client client = clients.get(id);
        if (client != null) {
          tellClient(client.connection, clientCodec.write(message));
        }
      }
      case BqskitEffect.TellManager(long id, ToManager message) -> {
        WireConnection manager = managers.get(id);
        if (manager != null) {
          manager.send(managerCodec.write(message));
          connections.said(manager);
        }
      }
      case BqskitEffect.CloseClient(long id, String reason) -> {
        Client client = clients.get(id);
        if (client != null) {
          connections.close(client.connection, reason);
        }
      }
      case BqskitEffect.CloseManager(long id, String reason) -> {
        WireConnection manager = managers.get(id);
        if (manager != null) {
          log.warn("manager {} is let go: {}", manager.name(), reason);
          connections.close(manager, reason);
        }
      }
      case BqskitEffect.Resume(long id) -> {
        Client client = clients.get(id);
        if (client != null && --client.messages < CLIENT_MESSAGES) {
          connections.resume(client.connection, WireConnection.Pause.MESSAGES);
        }
      }
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
