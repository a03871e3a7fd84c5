package io.quern;

import io.quern.cli.QuernCommand;
import io.quern.cli.Role;
import io.quern.node.BadSettingException;
import io.quern.node.ManagerApplication;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindException;
import org.springframework.boot.context.properties.bind.BindException;
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
          start(
              () ->
                  SpringApplication.run(
                      QuernApplication.class, serve.settings().toArray(String[]::new)));
      case Role.Manage manage -> start(() -> ManagerApplication.run(manage.settings()));
      case Role.Misused misused ->
          System.exit(QuernCommand.refuse(misused.command(), misused.message()));
      case Role.RunCommand command -> System.exit(QuernCommand.run(command.arguments()));
    }
  }

  /// Starts an application, which has said by then what is wrong if it cannot start: 2 if that is a
  /// setting, 1 for anything else.
  private static void start(Runnable application) {
    try {
      application.run();
    } catch (RuntimeException e) {
      System.exit(isForWantOfASetting(e) ? 2 : 1);
    }
  }

  private static boolean isForWantOfASetting(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof BindException
          || each instanceof ConfigurationPropertiesBindException
          || each instanceof BadSettingException) {
        return true;
      }
    }
    return false;
  }
}
