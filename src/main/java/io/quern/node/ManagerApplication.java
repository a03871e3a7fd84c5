package io.quern.node;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quern.link.LinkContext;
import io.quern.link.RefusalReason;
import io.quern.runtime.NodeStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/// The process of a manager or of workers: the manager, its health and its metrics, no store and no
/// API. It reads `manager.yaml` where the server reads `application.yaml`.
///
/// It bears no stereotype on purpose: the server, which takes every configuration below it, must
/// not find this one.
@EnableAutoConfiguration(
    exclude = {DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
@EnableConfigurationProperties({
  LinkProperties.class,
  ManagerProperties.class,
  PoisonProperties.class
})
public class ManagerApplication {

  /// Starts the process; it ends by a signal, or when its time is up.
  ///
  /// @param settings Spring properties, such as `--quern.manager.workers=2`
  public static ConfigurableApplicationContext run(List<String> settings) {
    SpringApplication application =
        new SpringApplicationBuilder(ManagerApplication.class)
            .properties("spring.config.name=manager")
            .build();
    return application.run(settings.toArray(String[]::new));
  }

  @Bean
  LinkContext linkContext(
      LinkProperties properties, ManagerProperties manager, ObjectProvider<SslBundles> bundles) {
    return Links.context(properties, bundles.getIfAvailable(), manager.labels(), manager.cell());
  }

  @Bean
  ManagerProcess managerProcess(
      ManagerProperties properties,
      LinkProperties links,
      PoisonProperties poison,
      LinkContext context,
      ApplicationArguments arguments,
      ConfigurableApplicationContext application,
      MeterRegistry registry) {
    ManagerProcess process =
        new ManagerProcess(
            properties,
            links,
            poison,
            context,
            WorkerProcesses.settings(arguments.getSourceArgs(), application.getEnvironment()),
            application);
    gauge(registry, process, "quern.workers", "Worker slots", NodeStatistics::workers);
    gauge(
        registry,
        process,
        "quern.workers.busy",
        "Worker slots that have work",
        each -> each.workers() - each.idleWorkers());
    gauge(
        registry,
        process,
        "quern.runtime.tasks.waiting",
        "Runtime tasks that wait for a slot",
        NodeStatistics::waiting);
    gauge(
        registry,
        process,
        "quern.runtime.tasks.rerun",
        "Runtime tasks begun again because a process below was lost",
        NodeStatistics::rerun);
    Gauge.builder("quern.boss.connected", process, each -> each.boss() == null ? 0 : 1)
        .description("1 while there is a boss")
        .register(registry);
    for (RefusalReason reason : RefusalReason.values()) {
      Gauge.builder("quern.links.refused", context, each -> each.refusals().of(reason))
          .tag("reason", reason.name().toLowerCase(Locale.ROOT))
          .description("Peers turned away or cut off")
          .register(registry);
    }
    return process;
  }

  private static void gauge(
      MeterRegistry registry,
      ManagerProcess process,
      String name,
      String description,
      ToDoubleFunction<NodeStatistics> value) {
    Gauge.builder(
            name,
            process,
            each -> {
              NodeStatistics statistics = each.statistics();
              return statistics == null ? 0 : value.applyAsDouble(statistics);
            })
        .description(description)
        .register(registry);
  }

  /// Up while there is a boss.
  @Bean
  HealthIndicator managerHealthIndicator(ManagerProcess process) {
    return () -> {
      String boss = process.boss();
      NodeStatistics statistics = process.statistics();
      Health.Builder health =
          boss == null
              ? Health.outOfService().withDetail("reason", "no boss")
              : Health.up().withDetail("boss", boss);
      if (statistics != null) {
        health
            .withDetail("workers", statistics.workers())
            .withDetail("idle_workers", statistics.idleWorkers())
            .withDetail("waiting", statistics.waiting());
      }
      Integer processes = process.workerProcesses();
      if (processes != null) {
        health
            .withDetail("worker_processes", processes)
            .withDetail("worker_restarts", process.workerRestarts());
      }
      return health.withDetail("dialled", process.dialled()).build();
    };
  }
}
