package io.quern;

import io.quern.cli.QuernCommand;
import io.quern.cli.Role;
import io.quern.node.ManagerApplication;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;

/// The entry point of every role.
// The store opens its database itself: a data source made up from what is on the class path would
// live in memory.
@SpringBootApplication(exclude = {DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
public class QuernApplication {

  public static void main(String[] args) {
    switch (Role.of(args)) {
      case Role.Serve serve ->
          SpringApplication.run(QuernApplication.class, serve.settings().toArray(String[]::new));
      case Role.Manage manage -> ManagerApplication.run(manage.settings());
      case Role.RunCommand command -> System.exit(QuernCommand.run(command.arguments()));
    }
  }
}
