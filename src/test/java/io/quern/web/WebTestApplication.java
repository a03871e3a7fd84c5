package io.quern.web;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;

/// The HTTP front alone, over tasks in memory: for what a real engine would make slow or rare.
/// Without a stereotype, so that no scan of the whole program finds it.
@EnableAutoConfiguration(
    exclude = {
      DataSourceAutoConfiguration.class,
      FlywayAutoConfiguration.class,
      UserDetailsServiceAutoConfiguration.class
    })
@ComponentScan("io.quern.web")
class WebTestApplication {

  @Bean
  InMemoryTasks inMemoryTasks() {
    return new InMemoryTasks();
  }

  @Bean
  StandingCluster standingCluster() {
    return new StandingCluster();
  }

  /// Readiness asks for it.
  @Bean
  HealthIndicator runtimeHealthIndicator() {
    return () -> Health.up().build();
  }

  @Bean
  HealthIndicator storeHealthIndicator() {
    return () -> Health.up().build();
  }

  @Bean
  HealthIndicator journalHealthIndicator() {
    return () -> Health.up().build();
  }
}
