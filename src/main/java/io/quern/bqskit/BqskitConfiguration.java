package io.quern.bqskit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quern.bqskit.codec.WireCodec;
import io.quern.bqskit.pickle.PickleLimits;
import io.quern.server.ManagerLinks;
import io.quern.server.QuernServer;
import io.quern.task.RecordWriter;
import io.quern.task.TaskStore;
import java.util.function.ToDoubleFunction;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/// BQSKit's wire in the service.
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@EnableConfigurationProperties(BqskitProperties.class)
class BqskitConfiguration {
  /// A workflow is a tree of some thousand values.
  private static final PickleLimits CLIENT_LIMITS = PickleLimits.shareOfMemory(8);

  /// Batches may have thousands of tasks of some fifty values each.
  private static final PickleLimits MANAGER_LIMITS = PickleLimits.shareOfMemory(4);

  @Bean
  BqskitFront bqskitFront(
      BqskitProperties properties,
      QuernServer server,
      TaskStore store,
      RecordWriter writer,
      MeterRegistry registry) {
    BqskitFront front =
        new BqskitFront(
            properties,
            server,
            store,
            writer,
            new WireCodec(CLIENT_LIMITS),
            new WireCodec(MANAGER_LIMITS));
    counter(
        registry,
        front,
        "quern.bqskit.ran.again",
        "Runtime tasks handed out again after a bqskit-manager was lost",
        BqskitStatistics::ranAgain);
    counter(
        registry,
        front,
        "quern.bqskit.managers.lost",
        "Connections to bqskit-managers that have ended",
        BqskitStatistics::lostManagers);
    counter(
        registry,
        front,
        "quern.bqskit.dropped",
        "Messages from bqskit-managers that were to nobody's good, such as second results",
        BqskitStatistics::dropped);
    counter(
        registry,
        front,
        "quern.bqskit.refused",
        "Submissions of BQSKit's clients whose id was known",
        BqskitStatistics::refused);
    Gauge.builder("quern.bqskit.clients", front, each -> of(each, BqskitStatistics::clients))
        .description("BQSKit clients that are connected")
        .register(registry);
    Gauge.builder("quern.bqskit.managers", front, each -> of(each, all -> all.managers().size()))
        .description("bqskit-managers that are connected")
        .register(registry);
    return front;
  }

  private static void counter(
      MeterRegistry registry,
      BqskitFront front,
      String name,
      String description,
      ToDoubleFunction<BqskitStatistics> number) {
    FunctionCounter.builder(name, front, each -> of(each, number))
        .description(description)
        .register(registry);
  }

  private static double of(BqskitFront front, ToDoubleFunction<BqskitStatistics> number) {
    BqskitStatistics statistics = front.statistics();
    return statistics == null ? 0 : number.applyAsDouble(statistics);
  }

  @Bean
  @Primary
  WholeCluster wholeCluster(ManagerLinks own, BqskitFront front) {
    return new WholeCluster(own, front);
  }

  @Bean
  @Primary
  EngineGateway engineGateway(QuernServer server, BqskitFront front, TaskStore store) {
    return new EngineGateway(server, front, store);
  }
}
