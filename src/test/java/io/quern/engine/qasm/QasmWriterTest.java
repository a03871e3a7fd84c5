package io.quern.engine.qasm;

import static io.quern.engine.circuit.StandardGate.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.testing.Generators;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QasmWriterTest {

  @Test
  void writesOneRegisterAndDefinesWhatTheOriginalLibraryLacks() {
    Circuit circuit =
        Circuit.builder(2, List.of(new ClassicalRegister("c", 2)))
            .gate(SX, 1)
            .gate(RZ, Parameters.of(1e-5), 1)
            .gate(CX, 1, 0)
            .add(new Measurement(0, 0, 1))
            .build();
    assertThat(QasmWriter.write(circuit))
        .isEqualTo(
            """
            OPENQASM 2.0;
            include "qelib1.inc";
            gate sx a { sdg a; h a; sdg a; }
            qreg q[2];
            creg c[2];
            sx q[1];
            rz(1.0E-5) q[1];
            cx q[1],q[0];
            measure q[0] -> c[1];
            """);
  }

  @Test
  void registerIsRenamedIfAClassicalOneIsCalledQ() {
    Circuit circuit =
        Circuit.builder(1, List.of(new ClassicalRegister("q", 1), new ClassicalRegister("q_", 1)))
            .gate(H, 0)
            .build();
    assertThat(QasmWriter.write(circuit)).contains("qreg q__[1];", "h q__[0];");
    assertThat(QasmReader.read(QasmWriter.write(circuit))).isEqualTo(circuit);
  }

  @Test
  void gateIsRenamedIfAClassicalRegisterHasItsName() {
    Circuit circuit =
        Circuit.builder(5, List.of(new ClassicalRegister("c3x", 1)))
            .gate(C4X, 0, 1, 2, 3, 4)
            .build();
    String text = QasmWriter.write(circuit);
    assertThat(text).contains("gate c3x_ a,b,c,d", "c3x_ a,b,c,d;", "creg c3x[1];");
    assertThat(QasmReader.read(text)).isEqualTo(circuit);
  }

  /// Definitions are read as known gates only if their unitary is that of the gate.
  @ParameterizedTest
  @EnumSource(StandardGate.class)
  void definitionsMeanTheGate(StandardGate gate) {
    int[] qubits = java.util.stream.IntStream.range(0, gate.qubits()).toArray();
    double[] parameters = new double[gate.parameterCount()];
    Circuit circuit =
        Circuit.builder(gate.qubits()).gate(gate, Parameters.of(parameters), qubits).build();
    assertThat(QasmReader.read(QasmWriter.write(circuit))).isEqualTo(circuit);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void whatIsWrittenReadsBackEqual(long seed) {
    Circuit circuit = Generators.circuit(seed, 1 + (int) (seed % 7), 60);
    assertThat(QasmReader.read(QasmWriter.write(circuit))).isEqualTo(circuit);
    Circuit dynamic = Generators.dynamicCircuit(seed, 1 + (int) (seed % 5), 60, 10);
    assertThat(QasmReader.read(QasmWriter.write(dynamic))).isEqualTo(dynamic);
  }

  @Test
  void everyFiniteDoubleSurvives() {
    for (double value :
        new double[] {
          0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, -1e-300, 0.1, Math.PI, 1e21, 123456789.125
        }) {
      Circuit circuit = Circuit.builder(1).gate(RZ, Parameters.of(value), 0).build();
      assertThat(QasmReader.read(QasmWriter.write(circuit))).isEqualTo(circuit);
    }
  }
}
