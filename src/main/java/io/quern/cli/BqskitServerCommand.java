package io.quern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `quern bqskit-server` as the help shows it. The server itself is started by [Role.Serve]; what
/// gets here has arguments that make no sense.
@Command(
    name = "bqskit-server",
    description = {
      "Starts the service in the place of BQSKit's bqskit-server: BQSKit's clients connect to it,"
          + " and BQSKit's managers do the work.",
      "",
      "  HOST[:PORT],...        running bqskit-managers (default port: 7473); those that are not up"
          + " are tried until they are",
      "  -p, --port PORT        where BQSKit's clients connect (default: 7472)",
      "  --bind ADDRESS         on which address (default: 127.0.0.1)",
      "  --no-local-manager     run no tasks here that are for Quern's own engine",
      "  -v, -vv, -vvv          say more",
      "  -i, --import-tests     accepted, without effect",
      "",
      "BQSKit's wire has neither encryption nor login. Everything else the service does is there"
          + " too; any setting can follow as --name=value."
    },
    customSynopsis = "quern bqskit-server [HOST[:PORT]...] [OPTIONS] [--SETTING=VALUE...]",
    mixinStandardHelpOptions = true)
final class BqskitServerCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "expected the options above, or settings of the form --name=value");
  }
}
