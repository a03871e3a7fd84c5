package io.quern.delivery;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Programs some tests need beside a JDK. `.ci/tools` installs them; where one is missing its tests
/// are skipped and say so, but never in continuous integration.
final class Tools {
  private Tools() {}

  /// The path of a program.
  static String require(String name) {
    Optional<String> found = find(name);
    if (found.isEmpty()) {
      String message = name + " is needed for this test and not installed: run .ci/tools";
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(message);
      }
      Assumptions.abort(message);
    }
    return found.orElseThrow();
  }

  private static Optional<String> find(String name) {
    Path cache = Path.of(System.getProperty("user.home"), ".cache", "quern");
    List<Path> own = List.of(cache.resolve("bin"), cache.resolve("python").resolve("bin"));
    Stream<Path> onPath =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of);
    return Stream.concat(own.stream(), onPath)
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
