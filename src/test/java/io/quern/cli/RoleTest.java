package io.quern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                List.of(
                    "--quern.manager.role=worker",
                    "--quern.manager.server=host:7470",
                    "--quern.manager.workers=2")));
    assertThat(
            Role.of(
                "manager",
                "--managers=a:1,[fd00::7]:2",
                "--worker-processes",
                "2",
                "--labels",
                "gpu,big",
                "--time-limit",
                "2h"))
        .isEqualTo(
            new Role.Manage(
                List.of(
                    "--quern.manager.managers=a:1,[fd00::7]:2",
                    "--quern.manager.worker-processes=2",
                    "--quern.manager.labels=gpu,big",
                    "--quern.manager.time-limit=2h")));
  }

  @Test
  void serverOptionsNeedNoWord() {
    assertThat(Role.of("--managers", "a:1", "--labels=gpu"))
        .isEqualTo(new Role.Serve(List.of("--quern.managers=a:1", "--quern.runtime.labels=gpu")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          manager --server               | expected HOST:PORT after --server, found nothing
          manager --server host          | expected HOST:PORT after --server, found 'host'
          manager --listen 65536         | expected a port of 0 to 65535 after --listen, found '65536'
          manager --workers two          | expected a number of 0 to 1024 after --workers, found 'two'
          manager --worker-processes -1  | expected a number of 0 to 1024 after --worker-processes, found '-1'
          manager --time-limit 2         | expected a time such as 90s, 30m or 2h after --time-limit, found '2'
          manager --labels GPU           | expected labels such as gpu,big after --labels, found 'GPU'
          manager --managers a:1,b       | expected HOST:PORT,... after --managers, found 'a:1,b'
          """)
  void badValueIsSaidPlainly(String arguments, String message) {
    assertThat(Role.of(arguments.split(" "))).isEqualTo(new Role.Misused("manager", message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"worker --slot 2", "manager --wokers=2", "serve --manager a:1", "--mangers=a:1"})
  void unknownOptionIsMisuseAndTheKnownOnesAreNamed(String arguments) {
    assertThat(Role.of(arguments.split(" ")))
        .isInstanceOfSatisfying(
            Role.Misused.class,
            misused -> assertThat(misused.message()).contains("--labels").contains("found '--"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "-h", "compile", "srve", "--", ""})
  void anythingElseIsACommand(String argument) {
    assertThat(Role.of(argument)).isEqualTo(new Role.RunCommand(List.of(argument)));
    assertThat(Role.of("serve", argument))
        .isEqualTo(new Role.RunCommand(List.of("serve", argument)));
  }
}
