package io.quern.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quern.engine.circuit.StandardGate;
import io.quern.engine.compile.Verification;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.machine.GateSet;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.qasm.QasmException;
import io.quern.failure.ErrorCode;
import io.quern.failure.ErrorKind;
import io.quern.failure.QuernException;
import io.quern.task.SubmissionReader.ReadSubmission;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionReaderTest {
  private static final SubmissionReader READER = new SubmissionReader(SubmissionLimits.DEFAULT);
  private static final String FOUR =
      "OPENQASM 2.0; include \"qelib1.inc\"; qreg q[4]; h q[0]; cx q[0],q[3];";

  @Test
  void everythingHasADefault() {
    ReadSubmission read = READER.read(SubmissionRequest.of(FOUR));
    assertThat(read.submission())
        .isEqualTo(
            new Submission(
                FOUR,
                null,
                List.of(),
                new Submission.Machine(null, "all", List.of("cx", "u3")),
                1,
                0,
                false,
                Verification.AUTO,
                null,
                false,
                LogLevel.INFO,
                -1,
                Submission.Options.DEFAULT,
                null,
                Engine.QUERN,
                Scheduling.DEFAULT));
    assertThat(read.input().circuit().operations()).hasSize(2);
    assertThat(read.input().machine().coupling()).isEqualTo(CouplingGraph.all(4));
    assertThat(read.input().machine().gates())
        .isEqualTo(new GateSet(EnumSet.of(StandardGate.CX, StandardGate.U3)));
    assertThat(READER.input(read.submission())).isEqualTo(read.input());
  }

  @Test
  void everythingGivenIsKept() {
    ReadSubmission read =
        READER.read(
            new SubmissionRequest.Builder()
                .name("a name")
                .tags(List.of("x", "y", "x"))
                .qubits(6)
                .coupling("ring")
                .gates(List.of("cz", "rz", "sx"))
                .level(1)
                .seed(-7L)
                .permuteOutput(true)
                .verify("States")
                .timeLimit("90s")
                .requestData(true)
                .loggingLevel("WARNING")
                .loggingDepth(3)
                .maxSynthesisSize(4)
                .synthesisEpsilon(1e-6)
                .errorThreshold(1e-3)
                .errorSimSize(5)
                .withMapping(false)
                .build(FOUR));
    Submission submission = read.submission();
    assertThat(submission.name()).isEqualTo("a name");
    assertThat(submission.tags()).containsExactly("x", "y");
    assertThat(submission.seed()).isEqualTo(-7);
    assertThat(submission.permuteOutput()).isTrue();
    assertThat(submission.verify()).isEqualTo(Verification.STATES);
    assertThat(submission.timeLimit()).isEqualTo(Duration.ofSeconds(90));
    assertThat(submission.loggingLevel()).isEqualTo(LogLevel.WARNING);
    assertThat(submission.options()).isEqualTo(new Submission.Options(4, 1e-6, 1e-3, 5, false));
    assertThat(submission.options().tellsMapping()).isFalse();
    assertThat(Submission.Options.DEFAULT.tellsMapping()).isTrue();
    assertThat(read.input().machine().coupling()).isEqualTo(CouplingGraph.ring(6));
    assertThat(read.input().options().seed()).isEqualTo(-7);
  }

  @Test
  void machineHasTheQubitsItsCouplingNeeds() {
    assertThat(machine(null, "line")).isEqualTo(CouplingGraph.line(4));
    assertThat(machine(7, "line")).isEqualTo(CouplingGraph.line(7));
    assertThat(machine(null, "grid:2x3")).isEqualTo(CouplingGraph.grid(2, 3));
    assertThat(machine(6, "grid:2x3")).isEqualTo(CouplingGraph.grid(2, 3));
    assertThat(machine(null, "0-1, 1-2,3-2,4-3"))
        .isEqualTo(
            CouplingGraph.of(
                5, List.of(new Edge(0, 1), new Edge(1, 2), new Edge(2, 3), new Edge(3, 4))));
    assertThat(machine(9, "0-1,1-2,2-3").qubits()).isEqualTo(9);
  }

  @Test
  void disconnectedMachineIsFineIfOnePartHoldsTheCircuit() {
    assertThat(machine(null, "0-1,2-3,3-4,4-5").connectedComponents()).hasSize(2);
    assertThat(refused(null, "0-1,2-3,3-4", List.of("cx", "u3")))
        .hasMessage(
            "the circuit needs 4 connected qubits, but the coupling falls into 2 parts, the largest"
                + " of 3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3    | line      | the circuit has 4 qubits, the machine only 3
               | grid:1x3  | the circuit has 4 qubits, the machine only 3
               | grid:0x3  | expected a grid of at least one row and column such as grid:3x3
               | grid:3    | expected a grid
               | grid:3x   | expected a grid
               | grid:9999x9999 | expected a machine of 1 to 1024 qubits, found 99980001
          8    | grid:3x3  | grid:3x3 has 9 qubits, but 'qubits' is 8
          0    | all       | expected a machine of 1 to 1024 qubits, found 0
          -3   | all       | expected a machine of 1 to 1024 qubits, found -3
          2000 | all       | expected a machine of 1 to 1024 qubits, found 2000
               | star      | unknown coupling 'star'; expected one of all, line, ring, grid:RxC
               | ''        | unknown coupling ''
               | 0-1,1-1   | an edge joins two different qubits, found 1-1
               | 0--1      | found the negative one '0--1'
               | -1-2      | found the negative one '-1-2'
               | 0-1,      | expected an edge such as 0-1 of qubits below 1024, found ''
               | 0-1;1-2   | expected an edge such as 0-1 of qubits below 1024, found '0-1;1-2'
               | 0-1-2     | expected an edge such as 0-1
               | 0-99999999999 | of qubits below 1024, found '0-99999999999'
               | 0-5000    | expected a machine of 1 to 1024 qubits, found 5001
          4    | 0-1,1-4   | an edge names qubit 4, but the machine has the qubits 0 to 3
          """)
  void machinesThatCannotBeAreRefused(@Nullable Integer qubits, String coupling, String message) {
    assertThat(refused(qubits, coupling, List.of("cx", "u3"))).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cx,foo | unknown gate 'foo'
          CX,u3  | unknown gate 'CX'
          cx     | is not universal: not every one-qubit gate is exactly a product
          u3     | is not universal: a two-qubit gate that entangles and that Quern can use, such as cx or cz, is missing
          """)
  void gateSetsThatCannotDoAreRefused(String gates, String message) {
    assertThat(refused(null, "all", List.of(gates.split(",")))).hasMessageContaining(message);
  }

  @Test
  void oneQubitNeedsNoTwoQubitGate() {
    SubmissionRequest request =
        request("OPENQASM 2.0; qreg q[1]; U(1,2,3) q[0];", null, "all", List.of("rz", "sx"));
    assertThat(READER.read(request).input().machine().qubits()).isEqualTo(1);
  }

  @Test
  void circuitErrorsPassThrough() {
    QuernException error =
        catchThrowableOfType(
            QuernException.class,
            () -> READER.read(SubmissionRequest.of("OPENQASM 2.0;\nqreg q[2]")));
    assertThat(error).isInstanceOf(QasmException.class);
    assertThat(error.details()).containsEntry("line", 2);
  }

  @Test
  void limitsAreThoseGiven() {
    SubmissionReader small = new SubmissionReader(new SubmissionLimits(200, 3, 2));
    assertThat(code(small, FOUR)).isEqualTo(ErrorCode.CIRCUIT_TOO_LARGE);
    String gates = "OPENQASM 2.0; qreg q[3]; CX q[0],q[1]; CX q[0],q[1]; CX q[0],q[1];";
    assertThat(code(small, gates)).isEqualTo(ErrorCode.CIRCUIT_TOO_LARGE);
    assertThat(code(small, " ".repeat(201))).isEqualTo(ErrorCode.CIRCUIT_TOO_LARGE);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThat(withOption(4, null, null, null, null))
        .hasMessage("unknown level '4'; known are [1, 2, 3]");
    assertThat(withOption(null, "fast", null, null, null))
        .hasMessage("unknown verify 'fast'; known are [auto, unitary, states, none]");
    assertThat(withOption(null, null, "loud", null, null))
        .hasMessage("unknown logging.level 'loud'; known are [debug, info, warning, error]");
    assertThat(withOption(null, null, null, 1, null)).hasMessageContaining("expected 2 to 8");
    assertThat(withOption(null, null, null, null, 0.0))
        .hasMessageContaining("expected a number between 0 and 1");
    assertThat(withOption(null, null, null, null, Double.NaN))
        .hasMessageContaining("expected a number between 0 and 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10", "m", "-1s", "0s", "1.5h", "10 m", "99999999d", "9999999999999s"})
  void timeLimitsThatAreNoTimeAreRefused(String text) {
    QuernException error =
        catchThrowableOfType(QuernException.class, () -> READER.read(withTimeLimit(text)));
    assertThat(error).hasMessageContaining("such as 500ms, 30s, 10m, 2h or 1d");
    assertThat(error.details()).containsEntry("field", "time_limit");
  }

  @ParameterizedTest
  @CsvSource({"500ms, PT0.5S", "30s, PT30S", "10m, PT10M", "2h, PT2H", "1d, PT24H"})
  void timeLimitsAreReadWithTheirUnit(String text, Duration expected) {
    assertThat(READER.read(withTimeLimit(text)).submission().timeLimit()).isEqualTo(expected);
  }

  @Test
  void namesAndTagsAreShortTexts() {
    assertThat(withName("x".repeat(257), List.of())).hasMessageContaining("1 to 256 characters");
    assertThat(withName(" ", List.of())).hasMessageContaining("found nothing");
    assertThat(withName("a\nb", List.of())).hasMessageContaining("control character");
    assertThat(withName("a", List.of("x".repeat(129)))).hasMessageContaining("1 to 128 characters");
    assertThat(withName("a", Collections.nCopies(33, "x"))).hasMessageContaining("at most 32 tags");
  }

  @Test
  void fullUnitaryOfAWideCircuitCannotBeAskedFor() {
    SubmissionRequest request =
        new SubmissionRequest.Builder()
            .verify("unitary")
            .build("OPENQASM 2.0; qreg q[11]; U(1,2,3) q;");
    assertThat(catchThrowableOfType(QuernException.class, () -> READER.read(request)))
        .hasMessageContaining("verify 'unitary' works up to 10 qubits, the circuit has 11");
  }

  @Test
  void whatIsStoredBesideTheCircuitIsBounded() {
    String edges = "0-1,".repeat(70_000) + "0-1";
    assertThat(refused(null, edges, List.of("cx", "u3")))
        .hasMessageContaining("at most 262144 characters in 'machine.coupling', found 280003");
    assertThat(refused(null, "all", Collections.nCopies(300, "cx")))
        .hasMessageContaining("at most 256 names in 'machine.gates', found 300");
    QuernException tooLong =
        catchThrowableOfType(
            QuernException.class, () -> READER.read(withWorkflow("[" + " ".repeat(300_000) + "]")));
    assertThat(tooLong.code()).isEqualTo(ErrorCode.INVALID_OPTION);
    assertThat(tooLong)
        .hasMessageContaining("at most 262144 characters in 'workflow', found 300002");
  }

  @Test
  void longWordsAreNotRepeatedWhole() {
    String word = "x".repeat(10_000);
    assertThat(refused(null, "all", List.of(word)).getMessage()).hasSizeLessThan(1_000);
    assertThat(withOption(null, word, null, null, null).getMessage()).hasSizeLessThan(300);
    QuernException time =
        catchThrowableOfType(QuernException.class, () -> READER.read(withTimeLimit(word)));
    assertThat(time.getMessage()).hasSizeLessThan(300);
    assertThat(String.valueOf(time.details().get("found"))).hasSizeLessThan(100);
  }

  private static SubmissionRequest withWorkflow(String workflow) {
    return new SubmissionRequest.Builder().workflow(workflow).build(FOUR);
  }

  private static ErrorCode code(SubmissionReader reader, String circuit) {
    return catchThrowableOfType(
            QuernException.class, () -> reader.read(SubmissionRequest.of(circuit)))
        .code();
  }

  private static CouplingGraph machine(@Nullable Integer qubits, String coupling) {
    return READER
        .read(request(FOUR, qubits, coupling, List.of("cx", "u3")))
        .input()
        .machine()
        .coupling();
  }

  private static QuernException refused(
      @Nullable Integer qubits, String coupling, List<String> gates) {
    QuernException error =
        catchThrowableOfType(
            QuernException.class, () -> READER.read(request(FOUR, qubits, coupling, gates)));
    assertThat(error).isNotNull();
    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_MACHINE);
    assertThat(error.code().kind()).isEqualTo(ErrorKind.USER);
    assertThat(error.details()).containsKey("field");
    return error;
  }

  private static QuernException withOption(
      @Nullable Integer level,
      @Nullable String verify,
      @Nullable String logging,
      @Nullable Integer synthesisSize,
      @Nullable Double epsilon) {
    SubmissionRequest request =
        new SubmissionRequest.Builder()
            .level(level)
            .verify(verify)
            .loggingLevel(logging)
            .maxSynthesisSize(synthesisSize)
            .synthesisEpsilon(epsilon)
            .build(FOUR);
    QuernException error = catchThrowableOfType(QuernException.class, () -> READER.read(request));
    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_OPTION);
    return error;
  }

  private static SubmissionRequest withTimeLimit(String text) {
    return new SubmissionRequest.Builder().timeLimit(text).build(FOUR);
  }

  private static QuernException withName(String name, List<String> tags) {
    SubmissionRequest request = new SubmissionRequest.Builder().name(name).tags(tags).build(FOUR);
    return catchThrowableOfType(QuernException.class, () -> READER.read(request));
  }

  private static SubmissionRequest request(
      String circuit, @Nullable Integer qubits, String coupling, List<String> gates) {
    return new SubmissionRequest.Builder()
        .qubits(qubits)
        .coupling(coupling)
        .gates(gates)
        .build(circuit);
  }
}
