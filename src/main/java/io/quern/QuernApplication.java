package io.quern;

import io.quern.cli.QuernCommand;
import io.quern.cli.Role;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// The entry point of every role.
@SpringBootApplication
public class QuernApplication {

  public static void main(String[] args) {
    switch (Role.of(args)) {
      case Role.Serve serve ->
          SpringApplication.run(QuernApplication.class, serve.settings().toArray(String[]::new));
      case Role.RunCommand command -> System.exit(QuernCommand.run(command.arguments()));
    }
  }
}
