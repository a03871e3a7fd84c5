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

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "-h", "compile", "srve", "--", ""})
  void anythingElseIsACommand(String argument) {
    assertThat(Role.of(argument)).isEqualTo(new Role.RunCommand(List.of(argument)));
    assertThat(Role.of("serve", argument))
        .isEqualTo(new Role.RunCommand(List.of("serve", argument)));
  }
}
