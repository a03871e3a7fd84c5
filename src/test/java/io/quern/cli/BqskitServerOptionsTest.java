package io.quern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BqskitServerOptionsTest {

  @Test
  void argumentsOfTheOriginalBecomeSettings() {
    assertThat(serve("bqskit-server host1 host2:7473 -p 7500 -v -i"))
        .containsExactly(
            "--quern.bqskit.client-port=7500", "--quern.bqskit.managers=host1,host2:7473");
  }

  @Test
  void managersMayBeSeparatedByCommasAndSettingsMayFollow() {
    assertThat(
            serve(
                "bqskit-server a:1,b:2 c -vv --bind 10.0.0.1 --no-local-manager"
                    + " --server.port=9090"))
        .containsExactly(
            "--quern.bqskit.bind=10.0.0.1",
            "--quern.runtime.local-manager=false",
            "--server.port=9090",
            "--quern.bqskit.client-port=7472",
            "--quern.bqskit.managers=a:1,b:2,c",
            "--logging.level.io.quern.bqskit=debug");
  }

  @Test
  void whatMakesNoSenseIsLeftToTheCommandLine() {
    for (String line : List.of("bqskit-server -p", "bqskit-server -p x", "bqskit-server -q")) {
      assertThat(Role.of(line.split(" "))).as(line).isInstanceOf(Role.RunCommand.class);
    }
  }

  private static List<String> serve(String line) {
    Role role = Role.of(line.split(" "));
    assertThat(role).isInstanceOf(Role.Serve.class);
    return ((Role.Serve) role).settings();
  }
}
