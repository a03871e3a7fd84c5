package io.quern.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The arguments of the original's `bqskit-server` as settings.
final class BqskitServerOptions {
  /// Where BQSKit's clients look for a server.
  private static final String DEFAULT_PORT = "7472";

  private BqskitServerOptions() {}

  /// The settings that arguments stand for; null if one makes no sense.
  static @Nullable List<String> settings(List<String> arguments) {
    List<String> settings = new ArrayList<>();
    List<String> managers = new ArrayList<>();
    String port = DEFAULT_PORT;
    int verbosity = 0;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (List.of("-p", "--port", "--bind").contains(name)) {
        if (equals < 0 && i + 1 == arguments.size()) {
          return null;
        }
        String value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
        if (name.equals("--bind")) {
          settings.add("--quern.bqskit.bind=" + value);
        } else {
          port = value;
        }
      } else if (argument.matches("-p[0-9]+")) {
        port = argument.substring(2);
      } else if (argument.equals("--verbose")) {
        verbosity++;
      } else if (argument.matches("-[vi]+")) {
        verbosity += (int) argument.chars().filter(letter -> letter == 'v').count();
      } else if (argument.equals("--no-local-manager")) {
        settings.add("--quern.runtime.local-manager=false");
      } else if (argument.equals("--import-tests")) {
        // The original imports its own tests, to unpickle them. Nothing is unpickled here.
      } else if (Role.isSetting(argument)) {
        settings.add(argument);
      } else if (argument.startsWith("-")) {
        return null;
      } else {
        for (String manager : argument.split(",")) {
          if (!manager.isBlank()) {
            managers.add(manager.strip());
          }
        }
      }
    }
    if (!port.matches("[0-9]{1,5}")) {
      return null;
    }
    settings.add("--quern.bqskit.client-port=" + port);
    if (!managers.isEmpty()) {
      settings.add("--quern.bqskit.managers=" + String.join(",", managers));
    }
    if (verbosity > 1) {
      settings.add("--logging.level.io.quern.bqskit=debug");
    }
    return settings;
  }
}
