package io.quern.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The diagrams in docs/runtime.md are the transition tables of the code. `-Dquern.docs=write`
/// writes them.
class RuntimePageTest {
  private static final Path PAGE = Path.of("docs/runtime.md");
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

  private static String machines() {
    DetachedServer server = new DetachedServer(1, DetachedServer.Settings.DEFAULT);
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
