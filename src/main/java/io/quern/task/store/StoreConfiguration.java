package io.quern.task.store;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quern.engine.qasm.QasmWriter;
import io.quern.task.TaskStore;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The store of a server. Processes without a web front have none.
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@EnableConfigurationProperties({StoreProperties.class, RetentionProperties.class})
class StoreConfiguration {

  @Bean
  StoreDatabase storeDatabase(StoreProperties properties) {
    return StoreDatabase.open(properties.settings());
  }

  @Bean
  JdbcTaskStore jdbcTaskStore(StoreDatabase database, RetentionProperties retention) {
    return new JdbcTaskStore(database, QasmWriter::write, retention.retention());
  }

  @Bean
  LiveEventFeed eventFeed(TaskStore store) {
    return new LiveEventFeed(store);
  }

  @Bean
  StoreWriter storeWriter(
      TaskStore store, LiveEventFeed feed, StoreProperties properties, MeterRegistry registry) {
    StoreWriter writer =
        new StoreWriter(
            store,
            feed,
            properties.queue().toBytes(),
            new StoreMetrics(registry, Clock.systemUTC()));
    Gauge.builder("quern.store.waiting", writer, StoreWriter::waitingBytes)
        .baseUnit("bytes")
        .description("Approximate size of the records that wait to be committed")
        .register(registry);
    Gauge.builder("quern.event.tasks", feed, LiveEventFeed::openChannels)
        .description("Tasks whose events are being read live")
        .register(registry);
    return writer;
  }

  @Bean
  StoreSweep storeSweep(TaskStore store, RetentionProperties retention) {
    return new StoreSweep(store, retention.sweep(), Clock.systemUTC());
  }

  @Bean
  HealthIndicator storeHealthIndicator(JdbcTaskStore store, StoreWriter writer) {
    return () ->
        (store.isReachable() && !writer.isFull() ? Health.up() : Health.outOfService())
            .withDetail("waiting_bytes", writer.waitingBytes())
            .build();
  }
}
