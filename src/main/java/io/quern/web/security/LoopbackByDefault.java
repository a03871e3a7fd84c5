package io.quern.web.security;

import java.util.Map;
import java.util.Properties;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/// Binds both ports to loopback while no token is configured. Runs after all configuration is read
/// and adds defaults only: an address given anywhere wins, and is then checked by [ExposureCheck].
final class LoopbackByDefault implements EnvironmentPostProcessor, Ordered {

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    if ("manager".equals(environment.getProperty("spring.config.name"))) {
      // It has no API; manager.yaml says where its health and metrics are.
      return;
    }
    boolean hasTokens =
        Binder.get(environment)
            .bind("quern.tokens", Bindable.listOf(Properties.class))
            .map(tokens -> !tokens.isEmpty())
            .orElse(false);
    if (!hasTokens) {
      environment
          .getPropertySources()
          .addLast(
              new MapPropertySource(
                  "loopback without tokens",
                  Map.of("server.address", "127.0.0.1", "management.server.address", "127.0.0.1")));
    }
  }

  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
