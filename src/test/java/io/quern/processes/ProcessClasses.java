package io.quern.processes;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Class paths of processes that tests start.
public final class ProcessClasses {
  private ProcessClasses() {}

  /// The service's own classes and what they need, without those of the tests: the application
  /// would find their configurations.
  public static String ofTheService() {
    String tests = tests().toString();
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", ""));
    return Arrays.stream(all.split(File.pathSeparator))
        .filter(entry -> !Path.of(entry).toAbsolutePath().toString().equals(tests))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /// The same, and of the tests this package, the server that goes with it, and one package more.
  ///
  /// @param to a directory for copies
  /// @param name of a package below `io.quern`
  public static String with(Path to, String name) throws IOException {
    Path tests = tests();
    List<Path> files;
    try (Stream<Path> all = Files.walk(tests.resolve("io/quern"))) {
      files =
          all.filter(each -> each.toString().endsWith(".class"))
              .filter(
                  each ->
                      isIn(each, "processes")
                          || isIn(each, name)
                          || each.endsWith("quern/server/ProcessServer.class"))
              .toList();
    }
    for (Path file : files) {
      Path copy = to.resolve(tests.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    return to + File.pathSeparator + ofTheService();
  }

  private static boolean isIn(Path file, String name) {
    Path directory = file.getParent();
    return directory != null && directory.endsWith("quern/" + name);
  }

  private static Path tests() {
    try {
      return Path.of(
          ProcessClasses.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
