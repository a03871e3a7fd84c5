package io.quern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.qasm.QasmLimits;
import io.quern.engine.qasm.QasmReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompileCommandTest {
  private static final String QFT = "examples/qft_5.qasm";

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void circuitGoesToStandardOutputAndTheSummaryToStandardError() {
    assertThat(compile(QFT, "--coupling", "line", "--gates", "cz,rz,sx,x", "--seed", "7")).isZero();
    Circuit compiled = QasmReader.read(out.toString(), QasmLimits.DEFAULT);
    assertThat(compiled.qubits()).isEqualTo(5);
    assertThat(out.toString())
        .startsWith("// initial_mapping: [")
        .contains("\n// final_mapping: [", "\n// seed: 7\n", "\n// version: ");
    assertThat(err.toString()).contains("two-qubit gates", "before", "after", "seed 7");
  }

  @Test
  void fileTakesTheCircuitInPlaceOfStandardOutput() throws IOException {
    Path file = directory.resolve("out.qasm");
    assertThat(compile(QFT, "-o", file.toString(), "--quiet")).isZero();
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).isEmpty();
    assertThat(QasmReader.read(Files.readString(file), QasmLimits.DEFAULT).qubits()).isEqualTo(5);
  }

  @Test
  void sameSeedGivesTheSameTextForAnyNumberOfWorkers() {
    assertThat(compile(QFT, "--coupling", "line", "--seed", "3", "--workers", "1")).isZero();
    String first = out.toString();
    out.getBuffer().setLength(0);
    assertThat(compile(QFT, "--coupling", "line", "--seed", "3", "--workers", "3")).isZero();
    assertThat(out.toString()).isEqualTo(first);
  }

  @Test
  void syntaxErrorShowsThePlace() throws IOException {
    Path file = directory.resolve("bad.qasm");
    Files.writeString(
        file, "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[2];\nh q[0] cx q[0],q[1];\n");
    assertThat(compile(file.toString())).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .startsWith("quern: The circuit is not valid OpenQASM 2\n" + file + ":4:8: ")
        .contains("found 'cx'")
        .endsWith("\n  h q[0] cx q[0],q[1];\n         ^\n");
  }

  @ParameterizedTest
  @CsvSource({
    "--coupling, torus, torus",
    "--coupling, grid:1x2, 5",
    "--gates, h, h",
    "--level, 9, 9",
    "--level, many, many",
    "--qubits, 3, 3",
    "--verify, trust, trust",
    "--time-limit, soon, soon",
    "--max-synthesis-size, 1, 1",
    "--max-synthesis-size, 9, 2 to 8",
    "--synthesis-epsilon, 2, between 0 and 1",
    "--error-threshold, 0, between 0 and 1",
    "--error-sim-size, 13, 1 to 12",
    "--workflow, nowhere.json, no such file",
    "--workers, -1, -1",
    "--workers, 1025, 1025"
  })
  void badOptionIsBadInputAndNamed(String option, String value, String named) {
    assertThat(compile(QFT, option, value)).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains(named);
  }

  @Test
  void mappingIsLeftOutWhereItIsNotWanted() {
    assertThat(compile(QFT, "--coupling", "line", "--no-with-mapping")).isZero();
    assertThat(out.toString()).startsWith("// seed: 0\n").doesNotContain("mapping");
    assertThat(err.toString()).doesNotContain("mapping");
    out.getBuffer().setLength(0);
    assertThat(compile(QFT, "--coupling", "line", "--with-mapping")).isZero();
    assertThat(out.toString()).startsWith("// initial_mapping: [");
  }

  @Test
  void workflowOfOnesOwnIsReadFromAFile() throws IOException {
    Path file = directory.resolve("workflow.json");
    Files.writeString(
        file,
        "[\"TwoQubitResynthesis\", \"GreedyPlacementPass\",\n"
            + "{\"pass\": \"GeneralizedSabreRoutingPass\", \"trials\": 2}]");
    assertThat(compile(QFT, "--coupling", "line", "--workflow", file.toString())).isZero();
    Files.writeString(file, "[\"TwoQubitResynthesis\"");
    assertThat(compile(QFT, "--workflow", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("expected JSON in " + file);
    Files.writeString(file, "[\"Shorten\"]");
    assertThat(compile(QFT, "--workflow", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("at /workflow/0, found 'Shorten'");
  }

  @Test
  void errorThresholdIsWarnedOf() {
    assertThat(
            compile(
                QFT, "--level", "2", "--synthesis-epsilon", "0.01", "--error-threshold", "1e-9"))
        .isZero();
    assertThat(err.toString()).contains("is above the threshold of 1.00e-09");
  }

  @Test
  void missingFileIsBadInput() {
    assertThat(compile("nowhere.qasm")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo("quern: cannot read nowhere.qasm: there is no such file\n");
  }

  @Test
  void directoryIsNoCircuit() {
    assertThat(compile(directory.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("it is a directory");
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws IOException {
    Path file = directory.resolve("binary.qasm");
    Files.write(file, new byte[] {(byte) 0xff, 0, (byte) 0xfe});
    assertThat(compile(file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("expected UTF-8 text");
  }

  @Test
  void outputThatCannotBeWrittenIsNamed() {
    Path file = directory.resolve("missing").resolve("out.qasm");
    assertThat(compile(QFT, "-o", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("cannot write " + file);
  }

  private int compile(String... arguments) {
    List<String> all = new ArrayList<>(List.of("compile"));
    all.addAll(List.of(arguments));
    return QuernCommand.run(all, new PrintWriter(out), new PrintWriter(err));
  }
}
