package io.quern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `quern worker` as the help shows it. The process itself is started by [Role.Manage]; what gets
/// here has arguments that are neither options nor settings.
@Command(
    name = "worker",
    description = {
      "A process of worker slots under a manager that listens.",
      "",
      "  --manager HOST:PORT    dialled until it answers",
      "  --slots N              worker slots (default: one for each core)",
      "  --labels LABEL,...     what the slots offer to tasks that require it",
      "  --time-limit TIME      leave in time, such as 2h",
      "  --join-token TOKEN     better as the environment variable QUERN_LINK_JOIN_TOKEN",
      "",
      "Any setting can follow as --name=value; docs/operations.md lists them."
    },
    customSynopsis = "quern worker [OPTIONS] [--SETTING=VALUE...]",
    mixinStandardHelpOptions = true)
final class WorkerCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected the options above, or settings of the form --name=value");
  }
}
