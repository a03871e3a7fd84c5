package io.quern.bqskit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The port on which BQSKit's clients connect.
final class ClientListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClientListener.class);
  private static final int BACKLOG = 128;

  /// Each takes a descriptor and the first part of a frame.
  private static final int MAX_CLIENTS = 1000;

  /// How long nobody is accepted after that has failed.
  private static final long AFTER_FAILURE_NANOS = 100_000_000L;

  private final ServerSocketChannel socket;
  private final ClientConnections connections;
  private final BqskitProperties properties;
  private final AtomicInteger clients = new AtomicInteger();
  private volatile boolean isOpen = true;

  /// @throws IOException if the port cannot be opened
  ClientListener(ClientConnections connections, BqskitProperties properties) throws IOException {
    this.connections = connections;
    this.properties = properties;
    InetAddress address = InetAddress.getByName(properties.bind());
    socket = ServerSocketChannel.open();
    try {
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      socket.bind(new InetSocketAddress(address, properties.clientPort()), BACKLOG);
      SocketOptions.set(socket, properties.userTimeout());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    log.info("BQSKit clients may connect at {}:{}", properties.bind(), port());
    log.warn(
        "BQSKit's wire has neither encryption nor login: whoever reaches {}:{} can run code on the"
            + " managers' machines",
        properties.bind(),
        port());
    Thread.ofVirtual().name("quern-bqskit-clients").start(this::accept);
  }

  int port() {
    return socket.socket().getLocalPort();
  }

  private void accept() {
    boolean isTold = false;
    while (isOpen) {
      try {
        serve(socket.accept());
        isTold = false;
      } catch (IOException | RuntimeException e) {
        if (isOpen) {
          if (!isTold) {
            log.warn("a BQSKit client could not connect; tried again", e);
          }
          // What keeps clients out, such as a want of descriptors, may last.
          isTold = true;
          LockSupport.parkNanos(AFTER_FAILURE_NANOS);
        }
      }
    }
  }

  private void serve(SocketChannel client) throws IOException {
    try {
      if (clients.get() >= MAX_CLIENTS) {
        log.warn("more than {} BQSKit clients: {} is turned away", MAX_CLIENTS, client);
        client.close();
        return;
      }
      SocketOptions.setAccepted(client, properties.userTimeout());
      String name = String.valueOf(client.getRemoteAddress());
      clients.incrementAndGet();
      connections.serve(client, name, properties.clientFrame().toBytes(), clients::decrementAndGet);
    } catch (IOException e) {
      log.debug("a client has gone at once", e);
      client.close();
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
