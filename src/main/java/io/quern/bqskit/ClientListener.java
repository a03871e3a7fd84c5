package io.quern.bqskit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The port on which BQSKit's clients connect.
final class ClientListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClientListener.class);
  private static final int BACKLOG = 128;

  /// Each takes two threads and their buffers.
  private static final int MAX_CLIENTS = 1000;

  private final ServerSocket socket;
  private final BqskitLoop loop;
  private final BqskitProperties properties;
  private final AtomicInteger clients = new AtomicInteger();
  private volatile boolean isOpen = true;

  /// @throws IOException if the port cannot be opened
  ClientListener(BqskitLoop loop, BqskitProperties properties) throws IOException {
    this.loop = loop;
    this.properties = properties;
    InetAddress address = InetAddress.getByName(properties.bind());
    socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(address, properties.clientPort()), BACKLOG);
    log.info("BQSKit clients may connect at {}:{}", properties.bind(), port());
    log.warn(
        "BQSKit's wire has neither encryption nor login: whoever reaches {}:{} can run code on the"
            + " managers' machines",
        properties.bind(),
        port());
    Thread.ofVirtual().name("quern-bqskit-clients").start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    while (isOpen) {
      try {
        Socket client = socket.accept();
        Thread.ofVirtual().name("quern-bqskit-client").start(() -> serve(client));
      } catch (IOException e) {
        if (isOpen) {
          log.warn("a BQSKit client could not connect: {}", e.getMessage());
        }
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      if (clients.incrementAndGet() > MAX_CLIENTS) {
        log.warn("more than {} BQSKit clients: {} is turned away", MAX_CLIENTS, client);
        return;
      }
      SocketOptions.set(client, properties.userTimeout());
      loop.serveClient(
          new WireConnection(
              loop.nextConnection(),
              client.getRemoteSocketAddress().toString(),
              client,
              properties.clientFrame().toBytes(),
              loop.clientFrames(),
              loop.outgoing()));
    } catch (IOException e) {
      log.debug("a client has gone at once", e);
    } finally {
      clients.decrementAndGet();
    }
  }

  @Override
  public void close() {
    isOpen = false;
    try {
      socket.close();
    } catch (IOException e) {
      log.debug("the port of BQSKit's clients does not close", e);
    }
  }
}
