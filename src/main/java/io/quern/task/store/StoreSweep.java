package io.quern.task.store;

import io.quern.task.TaskStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sweeps the store at regular times.
final class StoreSweep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StoreSweep.class);

  private final TaskStore store;
  private final InstantSource clock;
  private final ScheduledExecutorService executor;

  /// Starts; the first sweep comes after one interval, when a start's own work is done.
  StoreSweep(TaskStore store, Duration interval, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("quern-store-sweep").daemon().factory());
    executor.scheduleWithFixedDelay(
        this::sweep, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void sweep() {
    try {
      int removed = store.sweep(clock.instant());
      if (removed > 0) {
        log.info("removed {} tasks past their retention", removed);
      }
    } catch (RuntimeException e) {
      // The next sweep does what this one did not.
      log.warn("a sweep of the store failed", e);
    }
  }

  /// Waits for a sweep in progress.
  @Override
  public void close() {
    executor.close();
  }
}
