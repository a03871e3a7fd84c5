package io.quern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The table of settings in docs/operations.md is the one the code has: names, defaults and
/// meanings from the configuration metadata that the compiler wrote. With `-Dquern.docs=write` the
/// table is written.
class SettingsTableTest {
  private static final Path PAGE = Path.of("docs/operations.md");
  private static final String START =
      "<!-- settings: checked and, with -Dquern.docs=write, written by SettingsTableTest -->\n";
  private static final String END = "<!-- end of settings -->\n";

  @Test
  void tableIsTheCodes() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(START) + START.length();
    int to = page.indexOf(END);
    if (System.getProperty("quern.docs", "check").equals("write")) {
      Files.writeString(PAGE, page.substring(0, from) + table() + page.substring(to));
    } else {
      assertThat(page.substring(from, to)).isEqualTo(table());
    }
  }

  private static String table() throws IOException {
    var rows = new TreeMap<String, String>();
    try (InputStream in =
        Objects.requireNonNull(
            SettingsTableTest.class.getResourceAsStream(
                "/META-INF/spring-configuration-metadata.json"),
            "the configuration metadata")) {
      JsonNode metadata = JsonMapper.shared().readTree(in);
      StreamSupport.stream(metadata.get("properties").spliterator(), false)
          .filter(property -> property.get("name").asString().startsWith("quern."))
          .forEach(property -> rows.put(property.get("name").asString(), row(property)));
    }
    assertThat(rows).isNotEmpty();
    return "| setting | default | |\n|---|---|---|\n" + String.join("", rows.values());
  }

  private static String row(JsonNode property) {
    String name = property.get("name").asString();
    JsonNode description = property.get("description");
    assertThat(description).as("the javadoc of %s", name).isNotNull();
    JsonNode value = property.get("defaultValue");
    return "| `"
        + name
        + "` | "
        + (value == null ? "none" : value.isArray() ? "" : value.asString())
        + " | "
        + description.asString().replace("|", "\\|").replaceAll("\\s+", " ")
        + " |\n";
  }
}
