package io.quern.bqskit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reaches one `bqskit-manager` for as long as the server runs: it is dialled until it answers, and
/// again when it has gone, since another one may have taken its place. A manager accepts one
/// connection in its life, so it is never only tried out.
final class ManagerDialler implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ManagerDialler.class);
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 4000;

  private final ManagerAddress address;
  private final ManagerConnections connections;
  private final BqskitProperties properties;
  private final Thread thread;
  private volatile boolean isRunning = true;

  ManagerDialler(
      ManagerAddress address, ManagerConnections connections, BqskitProperties properties) {
    this.address = address;
    this.connections = connections;
    this.properties = properties;
    thread = Thread.ofVirtual().name("quern-bqskit-manager-" + address).start(this::run);
  }

  ManagerAddress address() {
    return address;
  }

  private void run() {
    long pause = FIRST_PAUSE_MILLIS;
    boolean isTold = false;
    try {
      while (isRunning) {
        try (SocketChannel channel = SocketChannel.open()) {
          channel
              .socket()
              .connect(
                  new InetSocketAddress(address.host(), address.port()), (int) CONNECT.toMillis());
          SocketOptions.setDialled(channel, properties.userTimeout());
          log.info("connected to manager {}", address);
          isTold = false;
          ManagerConnections.Parting end =
              connections
                  .serve(channel, address.toString(), properties.managerFrame().toBytes())
                  .get();
          log.info("manager {} has gone: {}", address, end.reason());
          if (end.hadStarted()) {
            pause = FIRST_PAUSE_MILLIS;
          }
        } catch (IOException | ExecutionException | RuntimeException e) {
          if (!isTold) {
            log.info("manager {} does not answer ({}); it is tried again", address, e.getMessage());
            isTold = true;
          }
        }
        Thread.sleep(pause + ThreadLocalRandom.current().nextLong(pause / 4 + 1));
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Dials no more. A connection that is open is left as it is.
  void stopDialling() {
    isRunning = false;
  }

  @Override
  public void close() {
    isRunning = false;
    thread.interrupt();
  }
}
