package io.quern.web;

import io.quern.failure.ErrorCode;
import io.quern.failure.ErrorKind;
import io.quern.failure.QuernException;
import io.quern.task.CompilationTask;
import io.quern.task.EventFeed;
import io.quern.task.TaskId;
import io.quern.task.TaskStore.StoredEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// What SSE and WebSocket have in common: where a stream may begin, how many are open, and how they
/// all end when the service stops.
///
/// Whoever waits here waits in slices and looks up between them. Waking the waiting thread by an
/// interrupt instead could close the store's file under a read.
final class EventStreams implements SmartLifecycle {
  /// The longest a waiting stream takes to notice that the service stops or its reader is gone.
  static final Duration SLICE = Duration.ofMillis(500);

  private static final Logger log = LoggerFactory.getLogger(EventStreams.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final TaskLookup tasks;
  private final EventFeed feed;
  private final LimitsProperties limits;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong slow = new AtomicLong();
  private final Phaser running = new Phaser(1);
  private volatile boolean started;
  private volatile boolean closing;

  EventStreams(TaskLookup tasks, EventFeed feed, LimitsProperties limits) {
    this.tasks = tasks;
    this.feed = feed;
    this.limits = limits;
  }

  /// Where a stream begins.
  sealed interface Start {
    /// The first event wanted is there, or will be while the task lives.
    record From(long number) implements Start {}

    /// The reader has had the terminal event; there is nothing more to come.
    record AfterEnd() implements Start {}
  }

  /// Decides whether a stream may begin at an event; waits while the event lies further beyond the
  /// end of the log than the next one and the task lives.
  ///
  /// @throws QuernException if there is no such task, or it ended before that event
  Start start(String tenant, TaskId id, long from) throws InterruptedException {
    checkRoom();
    CompilationTask task = tasks.find(tenant, id);
    long last = task.lastEvent();
    if (task.state().isTerminal()) {
      return from <= last ? new Start.From(from) : pastEnd(id, from, last);
    }
    if (from <= last + 1) {
      return new Start.From(from);
    }
    // Who waits holds a reader too, and counts.
    try (Lease waiting = lease(tenant, id, last + 1)) {
      while (true) {
        for (StoredEvent event : waiting.reader().next(SLICE)) {
          if (event.number() >= from) {
            return new Start.From(from);
          }
          if (event.terminal()) {
            return pastEnd(id, from, event.number());
          }
        }
        checkClosing();
        tasks.find(tenant, id);
      }
    }
  }

  /// Opens the log for a stream; to be closed by the stream.
  ///
  /// @throws QuernException if as many are open as there may be, or the service is stopping
  Lease lease(String tenant, TaskId id, long from) {
    checkClosing();
    EventFeed.Reader reader = feed.open(id, from);
    if (open.incrementAndGet() > limits.streams()) {
      open.decrementAndGet();
      reader.close();
      throw tooMany();
    }
    running.register();
    return new Lease(tenant, id, reader);
  }

  boolean isClosing() {
    return closing;
  }

  int openStreams() {
    return open.get();
  }

  /// Counts a reader that took too long for one event.
  void countSlowReader() {
    slow.incrementAndGet();
  }

  long slowReaders() {
    return slow.get();
  }

  @Override
  public void start() {
    closing = false;
    started = true;
  }

  @Override
  public void stop() {
    closing = true;
    int phase = running.arrive();
    try {
      running.awaitAdvanceInterruptibly(phase, STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.warn("{} event streams did not end within {}", open.get(), STOP_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    started = false;
  }

  @Override
  public boolean isRunning() {
    return started;
  }

  /// Streams end before the web server begins to wait for requests to finish.
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }

  private void checkRoom() {
    checkClosing();
    if (open.get() >= limits.streams()) {
      throw tooMany();
    }
  }

  private QuernException tooMany() {
    return new QuernException(
        ErrorCode.TOO_MANY_STREAMS,
        "expected fewer than %d open streams, found as many".formatted(limits.streams()),
        Map.of("limit", limits.streams()));
  }

  private void checkClosing() {
    if (closing) {
      throw new QuernException(
          ErrorCode.DRAINING, "the service is stopping and opens no new streams");
    }
  }

  private static Start pastEnd(TaskId id, long from, long last) {
    if (from == last + 1) {
      return new Start.AfterEnd();
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("task", id.toString());
    details.put("from", from);
    details.put("last_event", last);
    throw new QuernException(
        ErrorCode.EVENT_OUT_OF_RANGE,
        "expected an event up to %d, the last of this task, found %d".formatted(last, from),
        details);
  }

  /// One open stream.
  final class Lease implements AutoCloseable {
    private final String tenant;
    private final TaskId id;
    private final EventFeed.Reader reader;

    private Lease(String tenant, TaskId id, EventFeed.Reader reader) {
      this.tenant = tenant;
      this.id = id;
      this.reader = reader;
    }

    EventFeed.Reader reader() {
      return reader;
    }

    /// Whether events can still come; a purged task has none. A store that does not answer now may
    /// do so later.
    boolean isAlive() {
      try {
        tasks.find(tenant, id);
        return true;
      } catch (QuernException e) {
        return e.code().kind() == ErrorKind.RESOURCE;
      }
    }

    @Override
    public void close() {
      reader.close();
      open.decrementAndGet();
      running.arriveAndDeregister();
    }
  }
}
