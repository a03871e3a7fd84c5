package io.quern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README: its `console` blocks run as they are written, in order, in one shell, and print what
/// the README says. The one thing changed is the port behind `localhost:8080`, by a setting of
/// curl's.
class ReadmeIT {
  private static final Pattern CONSOLE =
      Pattern.compile("^```console\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+?)(?:#[^)]*)?\\)");

  /// A command of the README and what it prints.
  record Example(String command, String output) {}

  @BeforeAll
  static void findTools() {
    List.of("bash", "curl", "jq").forEach(Tools::require);
  }

  @Test
  void quickStartDoesWhatItSays(@TempDir Path directory) throws IOException {
    List<Example> examples = examples(Files.readString(Path.of("README.md")));
    assertThat(examples).hasSizeGreaterThan(5);
    Example start = examples.getFirst();
    assertThat(start).isEqualTo(new Example("./mvnw spring-boot:run", ""));
    // Nested Maven: offline and without colours, otherwise as a user would run it.
    Shell shell = Shell.atTheTop().with("MAVEN_ARGS", "-B -o");
    try (RunningService service =
        RunningService.start(shell, directory, start.command().split(" "))) {
      Files.writeString(
          directory.resolve(".curlrc"),
          "connect-to = \"localhost:8080:localhost:" + service.port() + "\"\n");
      List<Example> rest = examples.subList(1, examples.size());
      // A file, not standard input, which the commands would read from.
      Path script = Files.writeString(directory.resolve("script"), script(rest));
      Shell.Outcome outcome =
          shell.with("CURL_HOME", directory.toString()).run("bash", script.toString());
      assertThat(outcome.status()).as(outcome.err()).isZero();
      assertThat(outcome.out()).isEqualTo(expected(rest));
    }
  }

  @Test
  void linkedFilesAreThere() throws IOException {
    List<String> links =
        LINK.matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(match -> match.group(1))
            .filter(link -> !link.startsWith("http"))
            .toList();
    assertThat(links).isNotEmpty().allMatch(link -> Files.exists(Path.of(link)));
  }

  private static String script(List<Example> examples) {
    return examples.stream()
        .map(example -> "echo '" + marker(example) + "'\n" + example.command() + "\n")
        .collect(Collectors.joining());
  }

  private static String expected(List<Example> examples) {
    return examples.stream()
        .map(example -> marker(example) + "\n" + example.output())
        .collect(Collectors.joining());
  }

  /// Set before each output, so that a difference names the command it comes from.
  private static String marker(Example example) {
    return "$ " + example.command().replace("'", "");
  }

  private static List<Example> examples(String readme) {
    return CONSOLE
        .matcher(readme)
        .results()
        .flatMap(block -> split(block.group(1)).stream())
        .toList();
  }

  private static List<Example> split(String block) {
    List<Example> examples = new ArrayList<>();
    for (String part : ("\n" + block).split("\n\\$ ", -1)) {
      if (!part.isEmpty()) {
        String[] lines = part.split("\n", 2);
        String output = lines.length == 1 ? "" : lines[1];
        examples.add(
            new Example(
                lines[0], output.isEmpty() || output.endsWith("\n") ? output : output + "\n"));
      }
    }
    return examples;
  }
}
