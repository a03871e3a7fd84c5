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

  /// Do one thing and end.
  record RunCommand(List<String> arguments) implements Role {
    public RunCommand {
      arguments = List.copyOf(arguments);
    }
  }

  /// The role the arguments ask for: to serve for `serve` or no command at all, followed by nothing
  /// but settings; anything else is for the command line, which also says what is wrong with it.
  static Role of(String... arguments) {
    List<String> all = Arrays.asList(arguments);
    boolean named = !all.isEmpty() && all.getFirst().equals("serve");
    List<String> rest = named ? all.subList(1, all.size()) : all;
    return rest.stream().allMatch(Role::isSetting) ? new Serve(rest) : new RunCommand(all);
  }

  private static boolean isSetting(String argument) {
    return argument.startsWith("--")
        && argument.length() > 2
        && !argument.equals("--help")
        && !argument.equals("--version");
  }
}
