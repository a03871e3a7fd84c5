package io.quern.engine.qasm;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Mutated programs and random bytes: the reader gives a circuit within its limits or a
/// QasmException that points into the text, and nothing else.
class QasmFuzzTest {
  private static final QasmLimits LIMITS = new QasmLimits(200_000, 64, 256, 5_000, 60);

  /// Pieces that reach further into the reader than random characters.
  private static final String[] PIECES = {
    "gate g(a,b) x,y { cx x,y; rz(a/b) y; }\n",
    "g(1,0) q[0],q[1];",
    "opaque o a;",
    "o q[0];",
    "qreg q[5];",
    "qreg r[999999999];",
    "creg c[3];",
    "creg q[3];",
    "if(c==1) ",
    "if(q==1)",
    "measure q -> c;",
    "reset q;",
    "barrier q;",
    "include \"qelib1.inc\";",
    "include \"a\";",
    "OPENQASM 3.0;",
    "//",
    "\n",
    "\r\n",
    "\"",
    "(",
    ")",
    "((((((((",
    "{",
    "}",
    "[",
    "]",
    ";",
    ",",
    "->",
    "==",
    "=",
    "-",
    "+",
    "*",
    "/",
    "^",
    "pi",
    "sin(",
    "ln(",
    "1e309",
    "1e",
    ".",
    "0",
    "007",
    "99999999999999999999",
    "U(",
    "CX",
    "h ",
    "cx ",
    "\uFEFF",
    "\0",
    "é",
    "\uD83D\uDE00",
    "\uD800",
    "gate h a { h a; }",
    "gate z1 a { z a; z a; } gate z2 a { z1 a; z1 a; } z2 q[0];"
  };

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void mutatedProgramsGiveACircuitOrAnError(long seed) throws IOException {
    Random random = new Random(seed);
    List<String> programs = programs();
    int read = 0;
    int refused = 0;
    for (int i = 0; i < 400; i++) {
      StringBuilder text = new StringBuilder(programs.get(random.nextInt(programs.size())));
      for (int m = random.nextInt(3); m >= 0; m--) {
        mutate(text, random, programs);
      }
      if (survives(text.toString())) {
        read++;
      } else {
        refused++;
      }
    }
    assertThat(read).as("mutations that leave a program valid").isGreaterThan(10);
    assertThat(refused).as("mutations that break a program").isGreaterThan(10);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void randomBytesGiveAnError(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      String text = new String(bytes, StandardCharsets.UTF_8);
      survives(text);
      survives("OPENQASM 2.0;" + text);
      survives("OPENQASM 2.0;qreg q[2];U(" + new String(bytes, StandardCharsets.ISO_8859_1));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void randomSequencesOfPiecesGiveACircuitOrAnError(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 1000; i++) {
      StringBuilder text = new StringBuilder("OPENQASM 2.0;include \"qelib1.inc\";\nqreg q[5];\n");
      for (int k = random.nextInt(20); k >= 0; k--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      survives(text.toString());
    }
  }

  /// Whether the text is a program; anything but a circuit or a QasmException fails the test.
  private static boolean survives(String text) {
    try {
      Circuit circuit = QasmReader.read(text, LIMITS);
      assertThat(circuit.qubits()).isBetween(1, LIMITS.maxQubits());
      assertThat(circuit.operations()).hasSizeLessThanOrEqualTo(LIMITS.maxOperations());
      assertThat(QasmReader.read(QasmWriter.write(circuit), QasmLimits.DEFAULT)).isEqualTo(circuit);
      return true;
    } catch (QasmException error) {
      assertThat(error.line()).isBetween(1, text.length() + 1);
      assertThat(error.column()).isBetween(1, text.length() + 1);
      assertThat(error.getMessage()).isNotBlank().hasSizeLessThan(2_000);
      assertThat(String.valueOf(error.details().get("source_line"))).hasSizeLessThan(250);
      return false;
    }
  }

  private static void mutate(StringBuilder text, Random random, List<String> programs) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + 1 + random.nextInt(20));
    switch (random.nextInt(9)) {
      case 0 -> text.delete(at, end);
      case 1 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
      case 2 -> text.insert(at, text.substring(at, end));
      case 3 -> text.insert(at, (char) random.nextInt(0x3000));
      case 4 -> text.setLength(at);
      case 5 -> {
        String other = programs.get(random.nextInt(programs.size()));
        int from = random.nextInt(other.length());
        text.insert(at, other, from, Math.min(other.length(), from + 50));
      }
      case 6, 7 -> {
        int line = text.lastIndexOf("\n", at) + 1;
        int next = text.indexOf("\n", line) + 1;
        if (next > 0 && random.nextBoolean()) {
          text.delete(line, next);
        } else if (next > 0) {
          text.insert(line, text.substring(line, next));
        }
      }
      default -> {
        if (at < text.length()) {
          text.setCharAt(at, (char) (' ' + random.nextInt(95)));
        }
      }
    }
  }

  private static List<String> programs() throws IOException {
    List<String> programs = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("examples"))) {
      for (Path file : files.filter(p -> p.toString().endsWith(".qasm")).sorted().toList()) {
        programs.add(Files.readString(file));
      }
    }
    return programs;
  }
}
