package io.quern.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quern.link.LinkContext;
import io.quern.link.RefusalReason;
import io.quern.manager.Isolation;
import io.quern.node.CellProcesses;
import io.quern.node.LinkProperties;
import io.quern.node.Links;
import io.quern.node.PoisonProperties;
import io.quern.node.WorkerProcesses;
import io.quern.task.CompilationTaskFunction;
import io.quern.task.TaskStore;
import io.quern.task.store.StoreWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/// The server of the service.
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@EnableConfigurationProperties({
  RuntimeProperties.class,
  LinkProperties.class,
  ClusterProperties.class,
  PoisonProperties.class
})
class ServerConfiguration {

  @Bean
  QuernServer quernServer(
      RuntimeProperties properties,
      TaskStore store,
      StoreWriter writer,
      LinkContext links,
      PoisonProperties poison,
      CellProcesses cells,
      MeterRegistry registry) {
    return new QuernServer(
        properties,
        store,
        writer,
        new CompilationTaskFunction(),
        links.functions(),
        InstantSource.system(),
        new ServerMeters(registry),
        new Isolation(poison.deaths(), poison.deaths() > 0 ? cells : null, false));
  }

  @Bean
  CellProcesses cellProcesses(
      LinkContext links,
      RuntimeProperties properties,
      ApplicationArguments arguments,
      Environment environment) {
    return new CellProcesses(
        links,
        properties.labels(),
        WorkerProcesses.settings(arguments.getSourceArgs(), environment));
  }

  @Bean
  LinkContext linkContext(LinkProperties properties, ObjectProvider<SslBundles> bundles) {
    return Links.context(properties, bundles.getIfAvailable(), List.of());
  }

  @Bean
  ManagerLinks managerLinks(
      LinkProperties properties,
      LinkContext context,
      ClusterProperties cluster,
      QuernServer server,
      MeterRegistry registry) {
    for (RefusalReason reason : RefusalReason.values()) {
      FunctionCounter.builder("quern.links.refused", context, each -> each.refusals().of(reason))
          .tag("reason", reason.name().toLowerCase(Locale.ROOT))
          .description("Peers turned away or cut off")
          .register(registry);
    }
    return new ManagerLinks(properties, context, cluster.managers(), server);
  }

  @Bean
  RuntimeHealth runtimeHealthIndicator(QuernServer server, ObjectProvider<Cluster> cluster) {
    return new RuntimeHealth(server, () -> cluster.getObject().tree());
  }

  @Bean
  DrainOnClose drainOnClose(QuernServer server, ApplicationContext context) {
    return new DrainOnClose(server, context);
  }
}
