package io.quern.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The diagrams in docs/runtime.md are the transition tables of the code. `-Dquern.docs=write`
/// writes them.
class RuntimePageTest {
  private static final Path PAGE = Path.of("docs/runtime.md");

  /// A class, a class with one of its members, or a further member.
  private static final Pattern HOME =
      Pattern.compile("`(?:([A-Z]\\w+)(?:\\.(\\w+))?|([a-z]\\w+))`");

  private static final String BEGIN = "<!-- machines: written by RuntimePageTest -->\n";

  @Test
  void diagramsAreThoseOfTheTables() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN);
    assertThat(begin).as("the page marks where the diagrams begin").isNotNegative();
    String expected = page.substring(0, begin) + BEGIN + machines();
    if ("write".equals(System.getProperty("quern.docs"))) {
      Files.writeString(PAGE, expected);
    } else {
      assertThat(page).isEqualTo(expected);
    }
  }

  @Test
  void everyMemberHasItsHomeAndATestThatExists() throws IOException {
    String page = Files.readString(PAGE);
    String table = page.substring(page.indexOf("| member |"), page.indexOf("## The link"));
    List<String> rows = table.strip().lines().skip(2).toList();
    assertThat(rows).hasSizeGreaterThan(30);
    Set<String> tests = sources("src/test/java").keySet();
    Map<String, List<Path>> classes = sources("src/main/java");
    for (String row : rows) {
      String[] cells = row.split("\\|");
      assertThat(cells).as(row).hasSize(5);
      assertThat(cells[2]).as("the home in %s", row).contains("`");
      checkHomes(cells[2], row, classes);
      assertThat(cells[3]).as("what is better in %s", row).isNotBlank();
      for (String test : cells[4].replace("`", "").strip().split(", ")) {
        assertThat(tests).as("a test in %s", row).contains(test);
      }
    }
  }

  /// Java files by the names of their classes.
  private static Map<String, List<Path>> sources(String root) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(root))) {
      return files
          .filter(each -> each.toString().endsWith(".java"))
          .collect(
              Collectors.groupingBy(each -> each.getFileName().toString().replace(".java", "")));
    }
  }

  /// Every class named is there, and has the members that are named with it or after it.
  private static void checkHomes(String cell, String row, Map<String, List<Path>> classes)
      throws IOException {
    StringBuilder source = new StringBuilder();
    for (MatchResult home : HOME.matcher(cell).results().toList()) {
      String type = home.group(1);
      String member = home.group(2) == null ? home.group(3) : home.group(2);
      if (type != null) {
        assertThat(classes).as(row).containsKey(type);
        source.setLength(0);
        for (Path each : classes.getOrDefault(type, List.of())) {
          source.append(Files.readString(each));
        }
      }
      if (member != null) {
        assertThat(source).as(row).containsPattern("\\b" + member + "\\b");
      }
    }
  }

  private static String machines() {
    DetachedServer server = new DetachedServer(1, ServerSettings.DEFAULT);
    return section("Compilation task (`TaskPhase`)", server.taskTable())
        + section("Employee (`EmployeePhase`)", server.employeeTable())
        + section("Runtime task on its worker (`RuntimeTaskPhase`)", new Worker().taskTable());
  }

  private static String section(String title, TransitionTable<?, ?> table) {
    return "\n### "
        + title
        + "\n\n```mermaid\n"
        + table.toMermaid()
        + "```\n\n"
        + table.ignoredToMarkdown();
  }
}
