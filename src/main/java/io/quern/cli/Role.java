package io.quern.cli;

import java.util.Arrays;
import java.util.List;

/// What a process is started for.
public sealed interface Role {

  /// Be the server. Starting it is left to the caller, so that the command line needs no Spring.
  ///
  /// @param settings Spring properties, such as `--server.port=9090`
  record Serve(List<String> settings) implements Role {
    public Serve {
      settings = List.copyOf(settings);
    }
  }

  /// Be a manager, or a process of workers.
  ///
  /// @param settings Spring properties, such as `--quern.manager.workers=2`
  record Manage(List<String> settings) implements Role {
    public Manage {
      settings = List.copyOf(settings);
    }
  }

  /// Say what is wrong with the options, and end with status 2.
  ///
  /// @param command `manager`, `worker` or `serve`
  record Misused(String command, String message) implements Role {}

  /// Do one thing and end.
  record RunCommand(List<String> arguments) implements Role {
    public RunCommand {
      arguments = List.copyOf(arguments);
    }
  }

  /// The role the arguments ask for: to serve for `serve`, `bqskit-server` or no command at all,
  /// followed by nothing but settings; anything else is for the command line, which also says what
  /// is wrong with it.
  static Role of(String... arguments) {
    List<String> all = Arrays.asList(arguments);
    String word = all.isEmpty() ? "" : all.getFirst();
    try {
      return of(all, word);
    } catch (RoleOptions.BadOptionException e) {
      boolean isNamed = word.equals("manager") || word.equals("worker");
      return new Misused(isNamed ? word : "serve", String.valueOf(e.getMessage()));
    }
  }

  private static Role of(List<String> all, String word) {
    return switch (word) {
      case "manager" -> {
        List<String> settings = RoleOptions.MANAGER.settings(all.subList(1, all.size()));
        yield settings == null ? new RunCommand(all) : new Manage(settings);
      }
      case "worker" -> {
        List<String> settings = RoleOptions.WORKER.settings(all.subList(1, all.size()));
        yield settings == null ? new RunCommand(all) : new Manage(settings);
      }
      case "bqskit-server" -> {
        List<String> settings = BqskitServerOptions.settings(all.subList(1, all.size()));
        yield settings == null ? new RunCommand(all) : new Serve(settings);
      }
      default -> {
        boolean isNamed = word.equals("serve") || word.equals("server");
        List<String> rest = isNamed ? all.subList(1, all.size()) : all;
        List<String> settings =
            isNamed || rest.isEmpty() || isSetting(word) ? RoleOptions.SERVER.settings(rest) : null;
        yield settings == null ? new RunCommand(all) : new Serve(settings);
      }
    };
  }

  static boolean isSetting(String argument) {
    return argument.startsWith("--")
        && argument.length() > 2
        && !argument.equals("--help")
        && !argument.equals("--version");
  }
}
