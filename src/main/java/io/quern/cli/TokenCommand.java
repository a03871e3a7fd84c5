package io.quern.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `quern token`: makes a random bearer token and the settings that let it in.
@Command(
    name = "token",
    description = {
      "Makes a random 256-bit token.",
      "Prints the token, which goes to the caller and is kept nowhere, and the lines that go into"
          + " the server's application.properties: the server knows tokens by their SHA-256 only."
    },
    mixinStandardHelpOptions = true)
final class TokenCommand implements Runnable {
  private static final int BYTES = 32;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "Whose tasks the token opens (default: ${DEFAULT-VALUE}).")
  private String tenant;

  @Option(
      names = "--index",
      paramLabel = "N",
      defaultValue = "0",
      description = "Position among the configured tokens (default: ${DEFAULT-VALUE}).")
  private int index;

  @Option(
      names = "--access",
      paramLabel = "WHAT",
      defaultValue = "tasks",
      description =
          "What it opens: tasks, or management for the metrics (default: ${DEFAULT-VALUE}).")
  private Access access;

  @Spec private CommandSpec spec;

  /// What a token opens.
  private enum Access {
    TASKS,
    MANAGEMENT
  }

  @Override
  public void run() {
    if (!tenant.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new ParameterException(
          spec.commandLine(),
          "expected 1 to 64 letters, digits, dots, dashes or underscores for --tenant, found '"
              + tenant
              + "'");
    }
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    // The prefix lets scanners for leaked secrets recognise it.
    String token = "quern_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    PrintWriter out = spec.commandLine().getOut();
    out.println("# token: " + token);
    out.println("quern.tokens[" + index + "].tenant=" + tenant);
    if (access != Access.TASKS) {
      out.println("quern.tokens[" + index + "].access=" + access.name().toLowerCase(Locale.ROOT));
    }
    out.println("quern.tokens[" + index + "].sha256=" + sha256(token));
    out.flush();
  }

  private static String sha256(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(token.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
