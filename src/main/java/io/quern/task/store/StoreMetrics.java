package io.quern.task.store;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// The store's figures: how long commits take, how many records share one, and how old an event is
/// when its readers can see it.
final class StoreMetrics implements CommitObserver {
  private final InstantSource clock;
  private final Timer commits;
  private final DistributionSummary groups;
  private final Timer eventLag;

  StoreMetrics(MeterRegistry registry, InstantSource clock) {
    this.clock = clock;
    this.commits =
        Timer.builder("quern.store.commit")
            .description("Time to make a group of records durable")
            .register(registry);
    this.groups =
        DistributionSummary.builder("quern.store.group")
            .baseUnit("records")
            .description("Records that share one commit")
            .register(registry);
    this.eventLag =
        Timer.builder("quern.event.lag")
            .description("Time from an event to its being durable and readable")
            .register(registry);
  }

  @Override
  public void committed(int records, long nanos) {
    commits.record(nanos, TimeUnit.NANOSECONDS);
    groups.record(records);
  }

  @Override
  public void published(Instant made) {
    Duration lag = Duration.between(made, clock.instant());
    // The clock may have been set back in between.
    eventLag.record(lag.isNegative() ? Duration.ZERO : lag);
  }
}
