package io.quern.bqskit;

import io.quern.bqskit.codec.FrameMemory;
import io.quern.bqskit.codec.WireCodec;
import io.quern.bqskit.wire.ToClient;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections of clients. Nothing more is read from a client that has too many messages
/// unanswered or does not take what it is told; one that takes nothing at all is let go.
///
/// Used by the loop's thread alone, except where it says otherwise.
final class ClientConnections {
  private static final Logger log = LoggerFactory.getLogger(ClientConnections.class);

  /// Messages of one client that may wait, unanswered submissions among them.
  private static final int MESSAGES = 256;

  /// What a client may leave unread before nothing more is read from it.
  private static final long OUTPUT = 1 << 20;

  /// Bytes read from a client at a time: there may be many.
  private static final int READ = 16 << 10;

  private static final class Client {
    final WireConnection connection;

    /// Of its messages, how many are not dealt with.
    int messages;

    Client(WireConnection connection) {
      this.connection = connection;
    }
  }

  private final WireConnections connections;
  private final FrameInterpreter interpreter;
  private final WireCodec codec;
  private final long buffer;
  private final Consumer<BqskitEvent> events;
  private final FrameMemory memory = FrameMemory.shareOfMemory(4);
  private final Map<Long, Client> clients = new HashMap<>();
  private final Set<WireConnection> slowReaders = new HashSet<>();

  /// @param buffer bytes that may wait for a client before it is let go
  /// @param events told on the loop's thread
  ClientConnections(
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

  /// Serves a client until its connection ends. May be called by any thread.
  ///
  /// @param whenClosed told on the loop's thread
  void serve(SocketChannel channel, String name, long frameLimit, Runnable whenClosed) {
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
                  new Receiver(whenClosed));
          clients.put(connection.id(), new Client(connection));
          events.accept(new BqskitEvent.ClientConnected(connection.id()));
          connections.add(connection);
        });
  }

  private final class Receiver implements WireConnection.Receiver {
    private final Runnable whenClosed;

    private Receiver(Runnable whenClosed) {
      this.whenClosed = whenClosed;
    }

    @Override
    public void received(WireConnection connection, byte[] frame) {
      Client client = clients.get(connection.id());
      if (client != null && ++client.messages >= MESSAGES) {
        connection.pause(WireConnection.Pause.MESSAGES);
      }
      interpreter.understand(
          connection,
          frame,
          memory,
          bytes -> new BqskitEvent.ClientSaid(connection.id(), codec.readClient(bytes)));
    }

    @Override
    public void closed(WireConnection connection, String reason) {
      clients.remove(connection.id());
      slowReaders.remove(connection);
      log.info("client {} has gone: {}", connection.name(), reason);
      events.accept(new BqskitEvent.ClientGone(connection.id()));
      whenClosed.run();
    }
  }

  private @Nullable WireConnection find(long id) {
    Client client = clients.get(id);
    return client == null ? null : client.connection;
  }

  void tell(long id, ToClient message) {
    WireConnection connection = find(id);
    if (connection == null) {
      return;
    }
    if (connection.outgoingBytes() >= buffer) {
      connection.fail("it does not read what it is told");
      return;
    }
    connection.send(codec.write(message));
    connections.said(connection);
    if (connection.outgoingBytes() >= OUTPUT) {
      connection.pause(WireConnection.Pause.OWN_OUTPUT);
      slowReaders.add(connection);
    }
  }

  /// One message of a client is dealt with.
  void dealtWith(long id) {
    Client client = clients.get(id);
    if (client != null && --client.messages < MESSAGES) {
      connections.resume(client.connection, WireConnection.Pause.MESSAGES);
    }
  }

  /// Ends a connection after what was said before.
  void close(long id, String reason) {
    WireConnection connection = find(id);
    if (connection != null) {
      connections.close(connection, reason);
    }
  }

  /// Ends a connection now.
  void fail(long id, String reason) {
    WireConnection connection = find(id);
    if (connection != null) {
      connection.fail(reason);
    }
  }

  /// Reads again from clients that have taken what they were told.
  void watchOutput() {
    if (!slowReaders.isEmpty()) {
      for (WireConnection each : List.copyOf(slowReaders)) {
        if (each.outgoingBytes() < OUTPUT) {
          slowReaders.remove(each);
          connections.resume(each, WireConnection.Pause.OWN_OUTPUT);
        }
      }
    }
  }
}
