package io.quern.journal;

import io.quern.engine.compile.Compilation;
import io.quern.engine.qasm.QasmWriter;
import io.quern.task.store.JdbcTaskStore;
import io.quern.task.store.StoreDatabase;
import io.quern.task.store.StoreProperties;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/// The journal of the service, beside its database.
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class JournalConfiguration {

  @Bean
  @Primary
  JournalledTaskStore journalledTaskStore(JdbcTaskStore database, StoreProperties properties) {
    return JournalledTaskStore.open(
        database,
        properties.path(),
        QasmWriter::write,
        Compilation.VERSION,
        properties.sync() == StoreDatabase.Sync.FSYNC);
  }
}
