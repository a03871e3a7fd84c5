package io.quern.journal;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quern.engine.compile.Compilation;
import io.quern.engine.qasm.QasmWriter;
import io.quern.task.store.JdbcTaskStore;
import io.quern.task.store.StoreDatabase;
import io.quern.task.store.StoreProperties;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/// The journal of the service, beside its database.
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class JournalConfiguration {

  /// Of records, counted by changes that an engine of the same version would misread.
  private static final String FORM = "/2";

  @Bean
  @Primary
  JournalledTaskStore journalledTaskStore(
      JdbcTaskStore database, StoreProperties properties, MeterRegistry registry) {
    JournalledTaskStore store =
        JournalledTaskStore.open(
            database,
            properties.path(),
            QasmWriter::write,
            Compilation.VERSION + FORM,
            properties.sync() == StoreDatabase.Sync.FSYNC);
    Gauge.builder("quern.store.refused", store, JournalledTaskStore::refusedRecords)
        .description("Durable records that the database refuses and that are kept aside")
        .register(registry);
    return store;
  }

  @Bean
  HealthIndicator journalHealthIndicator(JournalledTaskStore store) {
    return () -> health(store);
  }

  /// Out of service while records cannot be written, on a full disk say. Tasks go on while records
  /// are kept aside, so of these it says how many there are.
  static Health health(JournalledTaskStore store) {
    String failure = store.failure();
    Health.Builder health =
        failure == null ? Health.up() : Health.outOfService().withDetail("reason", failure);
    return health.withDetail("refused_records", store.refusedRecords()).build();
  }
}
