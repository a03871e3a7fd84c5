package io.quern.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `quern` itself: its subcommands and what they have in common.
@Command(
    name = "quern",
    description = "Compiles quantum circuits: shorter, and fit for a device.",
    mixinStandardHelpOptions = true,
    versionProvider = QuernVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ServeCommand.class,
      BqskitServerCommand.class,
      ManagerCommand.class,
      WorkerCommand.class,
      CompileCommand.class,
      TokenCommand.class
    },
    footer = {"", "Without a command it serves. `quern COMMAND --help` says more about a command."})
public final class QuernCommand implements Runnable {
  @Spec private CommandSpec spec;

  /// Runs the command line against the process's own streams and answers the exit status: 0 done, 2
  /// bad input, 3 partial, 1 anything else.
  public static int run(List<String> arguments) {
    // Before the first logger: Logback's own default would print to standard output.
    System.setProperty("logback.configurationFile", "io/quern/cli/logback.xml");
    // The engine logs without a framework: what it has to say takes one line.
    System.setProperty("java.util.logging.SimpleFormatter.format", "quern: %5$s%n");
    return commandLine().execute(arguments.toArray(String[]::new));
  }

  /// Says what is wrong with a role's options, and answers the exit status.
  public static int refuse(String command, String message) {
    System.err.printf("quern %s: %s%n`quern %s --help` says more.%n", command, message, command);
    return CommandLine.ExitCode.USAGE;
  }

  /// As [#run], into writers of the caller's.
  static int run(List<String> arguments, PrintWriter out, PrintWriter err) {
    return commandLine().setOut(out).setErr(err).execute(arguments.toArray(String[]::new));
  }

  private static CommandLine commandLine() {
    return new CommandLine(new QuernCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do");
  }
}
