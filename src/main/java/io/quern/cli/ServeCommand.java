package io.quern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `quern serve` as the help shows it. The server itself is started by [Role.Serve]; what gets here
/// has arguments that are no settings.
@Command(
    name = "serve",
    aliases = "server",
    description = {
      "Starts the service: the tasks API on port 8080, probes and metrics on 8081.",
      "",
      "Any setting can follow as --name=value:",
      "  --managers HOST:PORT,...   managers that listen, to be dialled",
      "  --no-local-manager         run no tasks here",
      "  --server.port=9090         another port",
      "  --quern.store.path=DIR     where tasks and results are kept (./data)",
      "docs/operations.md lists them all. Without tokens (`quern token`) it listens on loopback"
          + " only."
    },
    customSynopsis = "quern serve [--SETTING=VALUE...]",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected settings of the form --name=value after serve");
  }
}
