package io.quern.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.web.security.AccessProperties.Access;
import io.quern.web.security.AccessProperties.Token;
import io.quern.web.security.ExposureCheck.ExposedWithoutTokensException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class ExposureCheckTest {
  private static final TokenRegistry NONE = new TokenRegistry(new AccessProperties(List.of()));
  private static final TokenRegistry ONE =
      new TokenRegistry(
          new AccessProperties(List.of(new Token("alice", "ab".repeat(32), Set.of(Access.TASKS)))));

  @ParameterizedTest
  @ValueSource(strings = {"server.address", "management.server.address"})
  void networkAddressWithoutTokensIsRefused(String property) {
    StandardEnvironment environment = with(Map.of(property, "0.0.0.0"));
    assertThatThrownBy(() -> ExposureCheck.check(NONE, environment))
        .isInstanceOf(ExposedWithoutTokensException.class)
        .hasMessage(
            "expected a loopback address for %s while quern.tokens is empty, found 0.0.0.0",
            property);
    assertThatCode(() -> ExposureCheck.check(ONE, environment)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "localhost"})
  void loopbackAddressNeedsNoTokens(String address) {
    assertThatCode(() -> ExposureCheck.check(NONE, with(Map.of("server.address", address))))
        .doesNotThrowAnyException();
  }

  @Test
  void bothPortsDefaultToLoopbackWithoutTokens() {
    StandardEnvironment environment = with(Map.of());
    new LoopbackByDefault().postProcessEnvironment(environment, new SpringApplication());
    assertThat(environment.getProperty("server.address")).isEqualTo("127.0.0.1");
    assertThat(environment.getProperty("management.server.address")).isEqualTo("127.0.0.1");
  }

  @Test
  void configuredTokensOrAddressesAreLeftAlone() {
    StandardEnvironment withToken = with(Map.of("quern.tokens[0].tenant", "alice"));
    new LoopbackByDefault().postProcessEnvironment(withToken, new SpringApplication());
    assertThat(withToken.getProperty("server.address")).isNull();
    StandardEnvironment withAddress = with(Map.of("server.address", "::1"));
    new LoopbackByDefault().postProcessEnvironment(withAddress, new SpringApplication());
    assertThat(withAddress.getProperty("server.address")).isEqualTo("::1");
  }

  private static StandardEnvironment with(Map<String, Object> properties) {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
    return environment;
  }
}
