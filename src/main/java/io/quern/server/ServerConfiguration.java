package io.quern.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.quern.task.CompilationTaskFunction;
import io.quern.task.TaskStore;
import io.quern.task.store.StoreWriter;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The server of the service.
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@EnableConfigurationProperties(RuntimeProperties.class)
class ServerConfiguration {

  @Bean
  QuernServer quernServer(
      RuntimeProperties properties, TaskStore store, StoreWriter writer, MeterRegistry registry) {
    return new QuernServer(
        properties,
        store,
        writer::offer,
        new CompilationTaskFunction(),
        InstantSource.system(),
        new ServerMeters(registry));
  }

  @Bean
  RuntimeHealth runtimeHealthIndicator(QuernServer server) {
    return new RuntimeHealth(server);
  }

  @Bean
  DrainOnClose drainOnClose(QuernServer server, ApplicationContext context) {
    return new DrainOnClose(server, context);
  }
}
