package io.quern.bqskit;

import io.quern.bqskit.codec.FrameMemory;
import io.quern.bqskit.codec.WireCodec;
import io.quern.bqskit.wire.FromManager;
import io.quern.bqskit.wire.ToManager;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections to managers. Nothing more is read from any of them while they do not take what
/// others want from them.
///
/// Used by the loop's thread alone, except where it says otherwise.
final class ManagerConnections {
  private static final Logger log = LoggerFactory.getLogger(ManagerConnections.class);

  /// Bytes read from a manager at a time.
  private static final int READ = 256 << 10;

  /// How the work with a manager ended.
  ///
  /// @param hadStarted whether it had said that its workers are ready
  record Parting(String reason, boolean hadStarted) {}

  private final WireConnections connections;
  private final FrameInterpreter interpreter;
  private final WireCodec codec;
  private final long buffer;
  private final Consumer<BqskitEvent> events;
  private final FrameMemory memory = FrameMemory.shareOfMemory(4);
  private final Map<Long, WireConnection> managers = new HashMap<>();

  /// What is told when a connection ends.
  private final Map<Long, CompletableFuture<Parting>> partings = new ConcurrentHashMap<>();

  private boolean isFull;

  /// @param buffer bytes that may wait for all managers together
  /// @param events told on the loop's thread
  ManagerConnections(
      WireConnections connections,
      FrameInterpreter interpreter,
      WireCodec codec,
      long buffer,
      Consumer<BqskitEvent> events) {
    this.connections = connections;
    this.interpreter = interpreter;
    this.codec = codec;
    this.buffer = buffer;
    this.events = events;
  }

  /// Works with a manager until its connection ends. May be called by any thread.
  ///
  /// @return how it ended, once it has
  CompletableFuture<Parting> serve(SocketChannel channel, String name, long frameLimit) {
    CompletableFuture<Parting> parting = new CompletableFuture<>();
    connections.hand(
        () -> {
          WireConnection connection =
              new WireConnection(
                  connections.nextId(),
                  name,
                  channel,
                  frameLimit,
                  memory,
                  READ,
                  new Receiver(parting));
          managers.put(connection.id(), connection);
          partings.put(connection.id(), parting);
          events.accept(new BqskitEvent.ManagerConnected(connection.id(), name));
          if (isFull) {
            connection.pause(WireConnection.Pause.CLUSTER_OUTPUT);
          }
          connections.add(connection);
        });
    return parting;
  }

  private final class Receiver implements WireConnection.Receiver {
    private final CompletableFuture<Parting> parting;
    private volatile boolean hasStarted;

    private Receiver(CompletableFuture<Parting> parting) {
      this.parting = parting;
    }

    @Override
    public void received(WireConnection connection, byte[] frame) {
      interpreter.understand(
          connection,
          frame,
          memory,
          bytes -> {
            FromManager message = codec.readManager(bytes);
            if (message instanceof FromManager.Started(int workers)) {
              hasStarted = true;
              log.info("manager {} has started with {} workers", connection.name(), workers);
            }
            return new BqskitEvent.ManagerSaid(connection.id(), message);
          });
    }

    @Override
    public void closed(WireConnection connection, String reason) {
      managers.remove(connection.id());
      partings.remove(connection.id());
      events.accept(new BqskitEvent.ManagerGone(connection.id(), reason));
      parting.complete(new Parting(reason, hasStarted));
    }
  }

  void tell(long id, ToManager message) {
    WireConnection manager = managers.get(id);
    if (manager != null) {
      manager.send(codec.write(message));
      connections.said(manager);
    }
  }

  /// Ends a connection after what was said before.
  void close(long id, String reason) {
    WireConnection manager = managers.get(id);
    if (manager != null) {
      log.warn("manager {} is let go: {}", manager.name(), reason);
      connections.close(manager, reason);
    }
  }

  /// Ends a connection now.
  void fail(long id, String reason) {
    WireConnection manager = managers.get(id);
    if (manager != null) {
      manager.fail(reason);
    }
  }

  /// Stops reading from managers while they do not take what they are told, and reads again.
  void watchOutput() {
    long waiting = 0;
    for (WireConnection manager : managers.values()) {
      waiting += manager.outgoingBytes();
    }
    if (waiting >= buffer != isFull) {
      isFull = !isFull;
      for (WireConnection manager : managers.values()) {
        if (isFull) {
          manager.pause(WireConnection.Pause.CLUSTER_OUTPUT);
        } else {
          connections.resume(manager, WireConnection.Pause.CLUSTER_OUTPUT);
        }
      }
    }
  }

  /// Runs something and waits until the managers connected before it have gone, at most so long.
  /// Called by any other thread than the loop's.
  void awaitEndsAfter(Runnable farewell, Duration atMost) throws InterruptedException {
    List<CompletableFuture<Parting>> open = List.copyOf(partings.values());
    farewell.run();
    try {
      CompletableFuture.allOf(open.toArray(CompletableFuture[]::new))
          .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.warn("a manager does not end: it is left alone", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
