package io.quern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class QuernCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void tokenIsNewEachTimeAndComesWithItsHash() throws Exception {
    assertThat(run("token", "--tenant", "alice", "--index", "2")).isZero();
    Map<String, String> lines =
        out.toString()
            .lines()
            .collect(
                Collectors.toMap(
                    line -> line.split("[:=] ?", 2)[0], line -> line.split("[:=] ?", 2)[1]));
    String token = Objects.requireNonNull(lines.get("# token"));
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    assertThat(lines)
        .containsEntry("quern.tokens[2].tenant", "alice")
        .containsEntry("quern.tokens[2].sha256", HexFormat.of().formatHex(hash));
    assertThat(Base64.getUrlDecoder().decode(token.replace("quern_", ""))).hasSize(32);

    String first = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run("token", "--tenant", "alice", "--index", "2")).isZero();
    assertThat(out.toString()).isNotEqualTo(first);
  }

  @Test
  void tokenOfTheManagementPortSaysSo() {
    assertThat(run("token", "--tenant", "monitoring", "--access", "management")).isZero();
    assertThat(out.toString()).contains("quern.tokens[0].access=management\n");
  }

  @Test
  void tenantsNameIsChecked() {
    assertThat(run("token", "--tenant", "a b")).isEqualTo(2);
    assertThat(err.toString()).contains("found 'a b'");
  }

  @Test
  void unknownCommandIsBadInput() {
    assertThat(run("srve")).isEqualTo(2);
    assertThat(err.toString()).contains("srve").contains("serve");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void serveTakesSettingsOnly() {
    assertThat(run("serve", "9090")).isEqualTo(2);
    assertThat(err.toString()).contains("9090");
  }

  @Test
  void helpNamesEveryCommand() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("serve", "token");
  }

  @Test
  void versionIsThatOfTheBuild() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("quern \\d+\\.\\d+\\.\\d+(-\\S+)?\\RJava 25.*\\R");
  }

  private int run(String... arguments) {
    return QuernCommand.run(List.of(arguments), new PrintWriter(out), new PrintWriter(err));
  }
}
