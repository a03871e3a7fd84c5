package io.quern.runtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The bugs that the simulation must find (the profile `mutations` plays them) can still be put
/// into the core.
class MutationPatchesTest {

  static List<Path> patches() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/mutations"))) {
      return files.filter(file -> file.toString().endsWith(".patch")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("patches")
  void everyPatchFitsTheCore(Path patch) throws IOException {
    String source = "";
    List<String> hunks = new ArrayList<>();
    StringBuilder before = new StringBuilder();
    List<String> lines = new ArrayList<>(Files.readAllLines(patch));
    lines.add("@@");
    for (String line : lines) {
      if (line.startsWith("+++ b/") || line.startsWith("@@") || line.startsWith("diff ")) {
        if (!before.isEmpty()) {
          assertThat(source).contains(before);
          hunks.add(before.toString());
          before.setLength(0);
        }
        if (line.startsWith("+++ b/")) {
          source = Files.readString(Path.of(line.substring("+++ b/".length()).split("\t")[0]));
        }
      } else if ((line.startsWith(" ") || line.startsWith("-")) && !line.startsWith("--- a/")) {
        before.append(line, 1, line.length()).append('\n');
      } else if (line.isEmpty() && !before.isEmpty()) {
        before.append('\n');
      }
    }
    assertThat(hunks).isNotEmpty();
  }
}
