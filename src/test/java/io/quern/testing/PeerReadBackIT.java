package io.quern.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.qasm.QasmReader;
import io.quern.engine.qasm.QasmWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the writer writes is read by Qiskit (strict, and with its legacy gate set) and by BQSKit as
/// the circuit it was; and files that Qiskit reads are read by Quern as the same circuits.
class PeerReadBackIT {
  private static final double TOLERANCE = 1e-12;
  private static final Path EXAMPLES = Path.of("examples");

  /// All but u0, on which the peers disagree: BQSKit wants it without a parameter, Qiskit with a
  /// whole number. No compilation ever writes it.
  private static final Set<StandardGate> GATES = EnumSet.complementOf(EnumSet.of(StandardGate.U0));

  @Test
  void peersUnderstandWhatTheWriterWrites(@TempDir Path directory) throws IOException {
    Map<String, Circuit> circuits = new LinkedHashMap<>();
    for (StandardGate gate : GATES) {
      // Tiny, huge, negative and whole parameters: every way a number can be written.
      double[] parameters = {1e-5, -3, 12345678.25, 1.0e-300};
      Circuit.Builder builder = Circuit.builder(gate.qubits());
      int[] location = new int[gate.qubits()];
      for (int k = 0; k < location.length; k++) {
        location[k] = location.length - 1 - k;
      }
      builder.gate(gate, Parameters.of(Arrays.copyOf(parameters, gate.parameterCount())), location);
      circuits.put("gate_" + gate.qasmName(), builder.build());
    }
    for (long seed = 1; seed <= 12; seed++) {
      circuits.put("random_" + seed, Generators.circuit(seed, 1 + (int) seed % 5, 20, GATES));
      circuits.put(
          "dynamic_" + seed, Generators.dynamicCircuit(seed, 1 + (int) seed % 4, 16, 4, GATES));
    }
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, Circuit> circuit : circuits.entrySet()) {
      files.add(
          Files.writeString(
              directory.resolve(circuit.getKey() + ".qasm"), QasmWriter.write(circuit.getValue())));
    }
    List<JsonNode> answers = ask(files, directory);
    assertThat(answers).hasSize(3 * circuits.size());
    SoftAssertions softly = new SoftAssertions();
    for (JsonNode answer : answers) {
      String name = Path.of(answer.get("file").asString()).getFileName().toString();
      Circuit expected =
          Objects.requireNonNull(circuits.get(name.substring(0, name.length() - ".qasm".length())));
      check(answer, expected, softly);
    }
    softly.assertAll();
  }

  @Test
  void quernUnderstandsWhatPeersUnderstand(@TempDir Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (var examples = Files.newDirectoryStream(EXAMPLES, "*.qasm")) {
      for (Path example : examples) {
        if (QasmReader.read(Files.readString(example)).qubits() <= 6) {
          files.add(example);
        }
      }
    }
    assertThat(files).hasSizeGreaterThanOrEqualTo(10);
    Path dialect = Path.of("src", "test", "resources", "peers", "dialect.qasm");
    files.add(dialect);
    SoftAssertions softly = new SoftAssertions();
    for (JsonNode answer : ask(files, directory)) {
      Path file = Path.of(answer.get("file").asString());
      // Only Qiskit's legacy reader knows the whole dialect.
      if (!file.equals(dialect) || answer.get("reader").asString().equals("qiskit-legacy")) {
        check(answer, QasmReader.read(Files.readString(file)), softly);
      }
    }
    softly.assertAll();
  }

  private static List<JsonNode> ask(List<Path> files, Path directory) throws IOException {
    String answers = PeerPython.provide().run("/peers/read_back.py", files, directory);
    JsonMapper mapper = new JsonMapper();
    return answers.lines().map(mapper::readTree).toList();
  }

  private static void check(JsonNode answer, Circuit expected, SoftAssertions softly) {
    String what = answer.get("reader").asString() + " on " + answer.get("file").asString();
    if (answer.has("error")) {
      softly.fail("%s: %s", what, answer.get("error").asString());
      return;
    }
    softly.assertThat(answer.get("qubits").asInt()).as(what).isEqualTo(expected.qubits());
    if (answer.has("unitary")) {
      int dimension = 1 << expected.qubits();
      double[] entries =
          StreamSupport.stream(answer.get("unitary").spliterator(), false)
              .mapToDouble(JsonNode::asDouble)
              .toArray();
      double distance =
          ReferenceSimulator.unitary(expected)
                  .distanceSquaredUpToPhase(ComplexMatrix.ofInterleaved(dimension, entries))
              / (2 * dimension);
      softly.assertThat(distance).as(what).isLessThan(TOLERANCE);
    } else if (answer.get("reader").asString().startsWith("qiskit")) {
      softly
          .assertThat(Equivalence.distance(expected, circuit(answer, expected)))
          .as(what)
          .isLessThan(TOLERANCE);
    }
  }

  /// The circuit Qiskit says it read.
  private static Circuit circuit(JsonNode answer, Circuit expected) {
    List<ClassicalRegister> registers = expected.classicalRegisters();
    Circuit.Builder builder = Circuit.builder(expected.qubits(), registers);
    for (JsonNode step : answer.get("operations")) {
      String name = step.get("name").asString();
      int[] qubits =
          StreamSupport.stream(step.get("qubits").spliterator(), false)
              .mapToInt(JsonNode::asInt)
              .toArray();
      Operation operation =
          switch (name) {
            case "barrier" -> new Operation.Barrier(Location.of(qubits));
            case "reset" -> new Reset(qubits[0]);
            case "measure" -> {
              JsonNode bit = step.get("bits").get(0);
              yield new Measurement(
                  qubits[0], register(registers, bit.get(0).asString()), bit.get(1).asInt());
            }
            default ->
                new GateOperation(
                    gate(name),
                    Location.of(qubits),
                    Parameters.of(
                        StreamSupport.stream(step.get("parameters").spliterator(), false)
                            .mapToDouble(JsonNode::asDouble)
                            .toArray()));
          };
      JsonNode condition = step.get("condition");
      builder.add(
          condition.isNull()
              ? operation
              : new Conditional(
                  register(registers, condition.get(0).asString()),
                  BigInteger.valueOf(condition.get(1).asLong()),
                  operation));
    }
    return builder.build();
  }

  private static int register(List<ClassicalRegister> registers, String name) {
    return registers.stream().map(ClassicalRegister::name).toList().indexOf(name);
  }

  /// Qiskit has names of its own for some gates of the legacy set.
  private static StandardGate gate(String name) {
    String qasmName =
        switch (name) {
          case "mcx" -> "c3x";
          case "rcccx" -> "rc3x";
          case "c3sx" -> "c3sqrtx";
          default -> name;
        };
    for (StandardGate gate : StandardGate.values()) {
      if (gate.qasmName().equals(qasmName)) {
        return gate;
      }
    }
    throw new IllegalArgumentException("Qiskit read a gate " + name);
  }
}
