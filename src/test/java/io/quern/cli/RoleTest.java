package io.quern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoleTest {

  @Test
  void nothingAtAllMeansServe() {
    assertThat(Role.of()).isEqualTo(new Role.Serve(List.of()));
  }

  @Test
  void settingsMeanServeWithOrWithoutTheWord() {
    Role.Serve expected = new Role.Serve(List.of("--server.port=9090", "--debug"));
    assertThat(Role.of("--server.port=9090", "--debug")).isEqualTo(expected);
    assertThat(Role.of("serve", "--server.port=9090", "--debug")).isEqualTo(expected);
  }

  @Test
  void serverOptionsStandForSettings() {
    assertThat(Role.of("server", "--no-local-manager", "--managers", "a:1,b:2", "--debug"))
        .isEqualTo(
            new Role.Serve(
                List.of(
                    "--quern.runtime.local-manager=false", "--quern.managers=a:1,b:2", "--debug")));
  }

  @Test
  void managersAndWorkersHaveOptionsOfTheirOwn() {
    assertThat(Role.of("manager", "--server", "host:7470", "--workers=2", "--server.port=8081"))
        .isEqualTo(
            new Role.Manage(
                List.of(
                    "--quern.manager.server=host:7470",
                    "--quern.manager.workers=2",
                    "--server.port=8081")));
    assertThat(Role.of("manager", "--listen", "7470", "--only-connect"))
        .isEqualTo(
            new Role.Manage(List.of("--quern.manager.listen=7470", "--quern.manager.workers=0")));
    assertThat(Role.of("worker", "--manager", "host:7470", "--slots", "2"))
        .isEqualTo(
            new Role.Manage(
                List.of("--quern.manager.server=host:7470", "--quern.manager.workers=2")));
    assertThat(Role.of("manager", "--server"))
        .isEqualTo(new Role.RunCommand(List.of("manager", "--server")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "-h", "compile", "srve", "--", ""})
  void anythingElseIsACommand(String argument) {
    assertThat(Role.of(argument)).isEqualTo(new Role.RunCommand(List.of(argument)));
    assertThat(Role.of("serve", argument))
        .isEqualTo(new Role.RunCommand(List.of("serve", argument)));
  }
}
