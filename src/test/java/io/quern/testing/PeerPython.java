package io.quern.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A Python virtual environment with the other quantum compilers (`peers/requirements.txt`), or
/// with another list of packages, made on first use and kept in `~/.cache/quern`, so that only the
/// first build pays for it.
///
/// Where there is no Python 3.10 or newer, or its packages are not to be had, the calling test is
/// skipped with a line on standard output; with the environment variable `CI` set to `true` it
/// fails instead.
public final class PeerPython {
  private static final int INSTALL_MINUTES = 15;
  private static final int RUN_MINUTES = 5;

  private final Path python;

  private PeerPython(Path python) {
    this.python = python;
  }

  /// The environment with the other compilers, made now if it was not before.
  public static PeerPython provide() {
    return provide("peers", "/peers/requirements.txt");
  }

  /// An environment, made now if it was not before.
  ///
  /// @param name begins the directory's name
  /// @param packages test resource that lists them
  public static PeerPython provide(String name, String packages) {
    Interpreter base =
        findPython()
            .orElseThrow(
                () -> unavailable("no Python 3.10 or newer with the venv module was found"));
    try {
      byte[] requirements = resource(packages);
      Path cache = Path.of(System.getProperty("user.home"), ".cache", "quern");
      Files.createDirectories(cache);
      Path directory = cache.resolve(name + "-" + digest(requirements, base));
      // Two builds at once on one machine: the second waits for the first.
      try (FileChannel channel =
              FileChannel.open(
                  Path.of(directory + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var _ = channel.lock()) {
        if (!Files.exists(directory.resolve("complete"))) {
          install(base.path(), directory, requirements);
        }
      }
      return new PeerPython(directory.resolve("bin").resolve("python"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs a script from the test resources on a word and its work directory; returns what it
  /// printed.
  public String run(String script, String word, Path workDirectory) throws IOException {
    return run(script, List.of(Path.of(word), workDirectory), workDirectory);
  }

  /// Runs a script from the test resources and returns what it printed.
  public String run(String script, List<Path> arguments, Path workDirectory) throws IOException {
    Path copy = workDirectory.resolve(Path.of(script).getFileName());
    Files.write(copy, resource(script));
    List<String> command = new ArrayList<>(List.of(python.toString(), copy.toString()));
    arguments.forEach(argument -> command.add(argument.toString()));
    Path output = workDirectory.resolve("output.txt");
    Path errors = workDirectory.resolve("errors.txt");
    if (execute(command, output, errors, RUN_MINUTES) != 0) {
      throw new AssertionError(script + " failed:\n" + Files.readString(errors));
    }
    return Files.readString(output);
  }

  /// Where its interpreter is, for tests that start processes of their own.
  public Path interpreter() {
    return python;
  }

  private static void install(String base, Path directory, byte[] requirements) throws IOException {
    Files.createDirectories(directory);
    Path log = directory.resolve("install.log");
    Path list = Files.write(directory.resolve("requirements.txt"), requirements);
    String python = directory.resolve("bin").resolve("python").toString();
    List<List<String>> commands =
        List.of(
            List.of(base, "-m", "venv", directory.toString()),
            List.of(python, "-m", "pip", "install", "--quiet", "--requirement", list.toString()));
    for (List<String> command : commands) {
      if (execute(command, log, log, INSTALL_MINUTES) != 0) {
        throw unavailable("'" + String.join(" ", command) + "' failed:\n" + Files.readString(log));
      }
    }
    Files.createFile(directory.resolve("complete"));
  }

  /// An interpreter: where it is, and the text of its version.
  private record Interpreter(String path, String version) {}

  /// The first Python that is new enough.
  private static Optional<Interpreter> findPython() {
    String question =
        "import ensurepip, sys, venv; print(sys.executable); print(sys.version);"
            + " sys.exit(sys.version_info < (3, 10))";
    for (String name :
        List.of("python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10")) {
      try {
        Path output = Files.createTempFile("quern-python", ".txt");
        try {
          if (execute(List.of(name, "-c", question), output, output, 1) == 0) {
            List<String> lines = Files.readAllLines(output);
            return Optional.of(new Interpreter(lines.get(0), lines.get(1)));
          }
        } finally {
          Files.delete(output);
        }
      } catch (IOException e) {
        // No program of that name: try the next.
      }
    }
    return Optional.empty();
  }

  private static int execute(List<String> command, Path output, Path errors, int minutes)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectInput(nothing());
    if (errors.equals(output)) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectError(errors.toFile());
    }
    Process process = builder.start();
    try {
      if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
        throw new IOException(command + " did not end within " + minutes + " minutes");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static ProcessBuilder.Redirect nothing() {
    return ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile());
  }

  private static RuntimeException unavailable(String reason) {
    String line = "The tests with the real Qiskit and BQSKit are skipped: " + reason;
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(line + " (with CI=true it must run)");
    }
    System.out.println(line);
    return Assumptions.abort(line);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(PeerPython.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    }
  }

  private static String digest(byte[] requirements, Interpreter base) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(requirements);
      digest.update(base.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
