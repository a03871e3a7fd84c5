package io.quern.task.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quern.task.EventFeed;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

class StoreConfigurationTest {
  @TempDir Path directory;

  private WebApplicationContextRunner server() {
    return new WebApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
        .withUserConfiguration(StoreConfiguration.class)
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withPropertyValues("quern.store.path=" + directory.resolve("store"));
  }

  @Test
  void serverHasAStoreThatWorksAndIsMeasured() {
    server()
        .run(
            context -> {
              CompletableFuture<List<TaskStore.Outcome>> outcomes = new CompletableFuture<>();
              List<TaskRecord> records = List.of(TaskFixtures.accepted(TaskFixtures.newId()));

              assertThat(context.getBean(StoreWriter.class).offer(records, outcomes::complete))
                  .isTrue();

              assertThat(outcomes.join()).containsExactly(new TaskStore.Outcome.Committed());
              assertThat(context).hasSingleBean(EventFeed.class);
              assertThat(context.getBean(HealthIndicator.class).health())
                  .extracting(health -> Objects.requireNonNull(health).getStatus())
                  .isEqualTo(Status.UP);
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              assertThat(registry.get("quern.store.commit").timer().count()).isEqualTo(1);
              assertThat(registry.get("quern.event.lag").timer().count()).isEqualTo(1);
            });
    assertThat(directory.resolve("store/quern.mv.db")).exists();
  }

  @Test
  void processWithoutWebFrontHasNoStore() {
    new ApplicationContextRunner()
        .withUserConfiguration(StoreConfiguration.class)
        .run(context -> assertThat(context).doesNotHaveBean(TaskStore.class));
  }

  @Test
  void impossibleSettingsAreRefused() {
    server()
        .withPropertyValues("quern.retention.log-lines=0")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("logLines"));
    server()
        .withPropertyValues("quern.store.sync=sometimes")
        .run(context -> assertThat(context).hasFailed());
  }

  @Test
  void storeThatCannotBeOpenedIsExplainedWithoutStackTrace() {
    server()
        .run(
            _ -> {
              Path file = directory.resolve("store/quern.mv.db");
              server()
                  .withPropertyValues("quern.store.path=" + file)
                  .run(
                      failed -> {
                        FailureAnalysis analysis =
                            new StoreOpenFailureAnalyzer()
                                .analyze(Objects.requireNonNull(failed.getStartupFailure()));
                        assertThat(Objects.requireNonNull(analysis).getDescription())
                            .contains(file.toString());
                      });
            });
  }
}
