package io.quern.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Runs programs to their end and keeps what they said.
record Shell(Path directory, Map<String, String> environment) {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  Shell {
    environment = Collections.unmodifiableMap(new TreeMap<>(environment));
  }

  /// Where the tests run: the top of the repository.
  static Shell atTheTop() {
    return new Shell(Path.of("").toAbsolutePath(), Map.of());
  }

  Shell in(Path other) {
    return new Shell(other, environment);
  }

  Shell with(String name, String value) {
    Map<String, String> changed = new TreeMap<>(environment);
    changed.put(name, value);
    return new Shell(directory, changed);
  }

  record Outcome(int status, String out, String err) {}

  Outcome run(String... command) {
    return runWithInput("", command);
  }

  Outcome runWithInput(String input, String... command) {
    try {
      Path files = Files.createTempDirectory("quern-shell");
      try {
        return runIn(files, input, command);
      } finally {
        for (String name : List.of("in", "out", "err")) {
          Files.deleteIfExists(files.resolve(name));
        }
        Files.delete(files);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Outcome runIn(Path files, String input, String... command) throws IOException {
    Path in = Files.writeString(files.resolve("in"), input);
    Path out = files.resolve("out");
    Path err = files.resolve("err");
    Process process =
        builder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(
            List.of(command) + " did not end within " + PATIENCE + "\n" + read(out) + read(err));
      }
      return new Outcome(process.exitValue(), read(out), read(err));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + List.of(command), e);
    }
  }

  /// A process that goes on; whoever starts it ends it.
  Process start(Path log, String... command) {
    try {
      return builder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessBuilder builder(String... command) {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
    builder.directory(directory.toFile());
    builder.environment().putAll(environment);
    return builder;
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
