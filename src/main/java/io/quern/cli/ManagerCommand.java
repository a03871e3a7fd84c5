package io.quern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `quern manager` as the help shows it. The process itself is started by [Role.Manage]; what gets
/// here has arguments that are neither options nor settings.
@Command(
    name = "manager",
    description = {
      "Works for a server: takes runtime tasks over the link and runs them here or on nodes below.",
      "",
      "  --server HOST:PORT     the boss to dial, a server or another manager; dialled until it"
          + " answers",
      "  --listen PORT          where a boss, managers and workers may dial in",
      "  --workers N            worker slots in this process (default: one for each core)",
      "  --worker-processes N   worker processes to start and keep running, with one slot each",
      "  --only-connect         no slots in this process",
      "  --labels LABEL,...     what the slots offer to tasks that require it",
      "  --managers HOST:PORT,...  managers that listen, to be managed",
      "  --time-limit TIME      leave in time, such as 2h",
      "  --join-token TOKEN     better as the environment variable QUERN_LINK_JOIN_TOKEN",
      "",
      "Any setting can follow as --name=value; docs/operations.md lists them."
    },
    customSynopsis = "quern manager [OPTIONS] [--SETTING=VALUE...]",
    mixinStandardHelpOptions = true)
final class ManagerCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected the options above, or settings of the form --name=value");
  }
}
