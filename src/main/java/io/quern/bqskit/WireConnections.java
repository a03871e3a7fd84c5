package io.quern.bqskit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The connections of BQSKit's wire, all worked by one thread, which sleeps here until something
/// comes on one of them or somebody hands it something to do.
///
/// One thread, because what is done for a message is less than what it takes to wake another
/// thread; none of it waits.
final class WireConnections implements AutoCloseable {
  private static final int BUFFER = 256 << 10;

  /// How long the other side may take to end a connection that is closed.
  private static final long LAST_WORDS_NANOS = 5_000_000_000L;

  private final Selector selector;
  private final ConcurrentLinkedQueue<Runnable> handed = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final Map<WireConnection, Long> ending = new LinkedHashMap<>();
  private Set<WireConnection> unsent = new LinkedHashSet<>();
  private List<WireConnection> unread = new ArrayList<>();
  private volatile boolean isSleeping;
  private long lastId;

  WireConnections() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Hands the thread something to do. May be called by any thread.
  void hand(Runnable work) {
    handed.add(work);
    if (isSleeping) {
      selector.wakeup();
    }
  }

  /// The number of a new connection, never used before.
  long nextId() {
    return ++lastId;
  }

  /// Takes a connection in; its channel does not block.
  void add(WireConnection connection) {
    try {
      connection.channel().configureBlocking(false);
      connection.registered(connection.channel().register(selector, 0, connection));
    } catch (IOException e) {
      connection.fail(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  /// Waits at most so long, then reads what has come and does what was handed over.
  ///
  /// @param most how many things that were handed over are done
  void work(long nanos, int most) {
    try {
      long wait = Math.min(nanos, nanosToEnd());
      isSleeping = true;
      if (wait <= 0 || !handed.isEmpty() || !unread.isEmpty()) {
        selector.selectNow(this::ready);
      } else {
        selector.select(this::ready, Math.max(1, wait / 1_000_000));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      isSleeping = false;
    }
    if (!unread.isEmpty()) {
      List<WireConnection> all = unread;
      unread = new ArrayList<>();
      all.forEach(WireConnection::readRest);
    }
    for (int i = 0; i < most; i++) {
      Runnable next = handed.poll();
      if (next == null) {
        break;
      }
      next.run();
    }
  }

  private void ready(SelectionKey key) {
    WireConnection connection = (WireConnection) key.attachment();
    if (key.isValid() && key.isReadable()) {
      connection.read(buffer);
    }
    if (key.isValid() && key.isWritable()) {
      connection.flush(buffer);
    }
  }

  /// Something was said on this connection.
  void said(WireConnection connection) {
    unsent.add(connection);
  }

  /// One reason not to read it is gone.
  void resume(WireConnection connection, WireConnection.Pause why) {
    if (connection.resume(why)) {
      unread.add(connection);
    }
  }

  /// Ends a connection after what was said before.
  void close(WireConnection connection, String reason) {
    if (!connection.isEnding()) {
      connection.close(reason);
      ending.put(connection, System.nanoTime() + LAST_WORDS_NANOS);
      unsent.add(connection);
    }
  }

  /// Writes what was said, and gives up those that do not end.
  void flush() {
    if (!unsent.isEmpty()) {
      Set<WireConnection> all = unsent;
      unsent = new LinkedHashSet<>();
      all.forEach(connection -> connection.flush(buffer));
    }
    if (!ending.isEmpty()) {
      long now = System.nanoTime();
      List<WireConnection> due = new ArrayList<>();
      ending.forEach(
          (connection, end) -> {
            if (!connection.isOpen() || end - now <= 0) {
              due.add(connection);
            }
          });
      for (WireConnection connection : due) {
        ending.remove(connection);
        connection.fail("it does not end");
      }
    }
  }

  private long nanosToEnd() {
    long now = System.nanoTime();
    long least = Long.MAX_VALUE;
    for (long end : ending.values()) {
      least = Math.min(least, end - now);
    }
    return least;
  }

  /// Ends all connections.
  @Override
  public void close() {
    for (Runnable next = handed.poll(); next != null; next = handed.poll()) {
      next.run();
    }
    try {
      for (SelectionKey key : List.copyOf(selector.keys())) {
        ((WireConnection) key.attachment()).fail("the server stops");
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
