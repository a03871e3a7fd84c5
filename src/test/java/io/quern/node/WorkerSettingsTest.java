package io.quern.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class WorkerSettingsTest {
  private static final String[] ARGUMENTS = {
    "--quern.manager.workers=2",
    "--quern.link.frame=1MB",
    "--quern.link.ssl-bundle=link",
    "--quern.link.join-token=secret",
    "--logging.level.io.quern=debug"
  };

  @Test
  void workerProcessesGetTheLinkAndTheLogButNotTheSecret() {
    assertThat(WorkerProcesses.settings(ARGUMENTS, new StandardEnvironment()))
        .containsExactly("--quern.link.frame=1MB", "--logging.level.io.quern=debug");
  }

  @Test
  void workerProcessesDoNotTakeTheManagersPortForMetrics() {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(new MapPropertySource("test", Map.of("management.server.port", "8081")));
    assertThat(WorkerProcesses.settings(ARGUMENTS, environment))
        .contains("--management.server.port=0", "--management.server.address=127.0.0.1");
  }
}
