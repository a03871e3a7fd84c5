package io.quern.engine.qasm;

import static io.quern.engine.circuit.StandardGate.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class QasmReaderTest {
  private static final String HEADER = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n";

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("examples"))) {
      return files.filter(p -> p.toString().endsWith(".qasm")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void readsTheExamples(Path file) throws IOException {
    Circuit circuit = QasmReader.read(Files.readString(file));
    assertThat(circuit.operations()).hasSizeGreaterThan(10);
    assertThat(QasmReader.read(QasmWriter.write(circuit))).isEqualTo(circuit);
  }

  @Test
  void qubitsAreNumberedInOrderOfDeclaration() {
    Circuit circuit = read("qreg a[2]; creg c[1]; qreg b[3]; cx a[1],b[2];");
    assertThat(circuit).isEqualTo(withBit("c", 1, 5).gate(CX, 1, 4).build());
  }

  @Test
  void registersAreBroadcast() {
    assertThat(read("qreg a[2]; qreg b[2]; cx a,b; cx a[0],b; h a;"))
        .isEqualTo(
            Circuit.builder(4)
                .gate(CX, 0, 2)
                .gate(CX, 1, 3)
                .gate(CX, 0, 2)
                .gate(CX, 0, 3)
                .gate(H, 0)
                .gate(H, 1)
                .build());
    assertThat(read("qreg a[2]; creg c[2]; measure a->c; reset a;"))
        .isEqualTo(
            withBit("c", 2, 2)
                .add(new Measurement(0, 0, 0))
                .add(new Measurement(1, 0, 1))
                .add(new Reset(0))
                .add(new Reset(1))
                .build());
  }

  @Test
  void barrierNamesEachQubitOnce() {
    assertThat(read("qreg a[2]; qreg b[1]; barrier a[1],a,b;").operations())
        .containsExactly(new Barrier(Location.of(1, 0, 2)));
  }

  @Test
  void builtInGatesAreU3AndCx() {
    Circuit circuit = QasmReader.read("OPENQASM 2.0; qreg q[2]; U(1,2,3) q[0]; CX q[0],q[1];");
    assertThat(circuit)
        .isEqualTo(Circuit.builder(2).gate(U3, Parameters.of(1, 2, 3), 0).gate(CX, 0, 1).build());
  }

  @ParameterizedTest
  @EnumSource(StandardGate.class)
  void everyKnownGateIsReadByItsName(StandardGate gate) {
    Circuit circuit = anyApplication(gate);
    String text = QasmWriter.write(circuit);
    assertThat(QasmReader.read(text)).isEqualTo(circuit);
    String withoutDefinitions =
        text.lines().filter(line -> !line.startsWith("gate ")).reduce("", (a, b) -> a + b + "\n");
    if (gate.isInLibrary()) {
      assertThat(QasmReader.read(withoutDefinitions)).isEqualTo(circuit);
    } else {
      // Its name is free for programs to use.
      assertThatExceptionOfType(QasmException.class)
          .isThrownBy(() -> QasmReader.read(withoutDefinitions))
          .withMessageContaining("gate '%s' is not defined", gate.qasmName());
      assertThat(
              QasmReader.read(
                      "OPENQASM 2.0; include \"qelib1.inc\"; qreg %s[2];"
                          .formatted(gate.qasmName()))
                  .qubits())
          .isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2^3^2, 512",
    "-2^2, -4",
    "2^-1*3, 1.5",
    "1-2-3, -4",
    "8/2/2, 2",
    "--1, 1",
    "2*-1, -2",
    "+1, 1",
    "-(1+2)*3, -9",
    "sin(pi/2), 1",
    "cos(0)+tan(0), 1",
    "ln(exp(2)), 2",
    "sqrt(16), 4",
    "1e3, 1000",
    "1.5E-3, 0.0015",
    ".5, 0.5",
    "5., 5",
    "-1e-3, -0.001",
    "0, 0",
    "3*pi/4-pi/4*3, 0",
  })
  void expressionsFollowTheUsualPrecedence(String expression, double value) {
    Circuit circuit = read("qreg q[1]; rz(" + expression + ") q[0];");
    assertThat(circuit).isEqualTo(Circuit.builder(1).gate(RZ, Parameters.of(value), 0).build());
  }

  @Test
  void gateDefinitionsAreExpandedWithTheirParameters() {
    Circuit circuit =
        read(
            """
            gate inner(a, b) x { rz(a+b) x; }
            gate outer(t) x, y { inner(t, 2*t) y; cx y, x; barrier x, y; inner(-t, 0) x; }
            qreg q[3];
            outer(0.5) q[2], q[0];
            """);
    assertThat(circuit)
        .isEqualTo(
            Circuit.builder(3)
                .gate(RZ, Parameters.of(1.5), 0)
                .gate(CX, 0, 2)
                .add(new Barrier(Location.of(2, 0)))
                .gate(RZ, Parameters.of(-0.5), 2)
                .build());
  }

  @Test
  void definitionsWithAnEmptyBodyDoNothing() {
    assertThat(read("gate nop(t) a,b {} qreg q[2]; nop(pi) q[0],q[1];"))
        .isEqualTo(Circuit.builder(2).build());
  }

  @Test
  void definitionsAreBoundToWhatNamesMeantAtThatPoint() {
    Circuit circuit = read("gate f a { h a; } gate h a { x a; } qreg q[1]; f q[0]; h q[0];");
    assertThat(circuit).isEqualTo(Circuit.builder(1).gate(H, 0).gate(X, 0).build());
  }

  @Test
  void definitionThatSaysWhatIsKnownIsThatGate() {
    String library =
        """
        OPENQASM 2.0;
        gate u3(theta,phi,lambda) q { U(theta,phi,lambda) q; }
        gate cx c,t { CX c,t; }
        gate h a { U(pi/2,0,pi) a; }
        gate rzz(theta) a,b { cx a,b; U(0,0,theta) b; cx a,b; }
        qreg q[2];
        h q[0]; cx q[0],q[1]; rzz(0.25) q[0],q[1]; u3(1,2,3) q[1];
        """;
    assertThat(QasmReader.read(library))
        .isEqualTo(
            Circuit.builder(2)
                .gate(H, 0)
                .gate(CX, 0, 1)
                .gate(RZZ, Parameters.of(0.25), 0, 1)
                .gate(U3, Parameters.of(1, 2, 3), 1)
                .build());
  }

  @Test
  void definitionThatSaysSomethingElseIsExpanded() {
    assertThat(read("gate h a { x a; } gate rz(t) a { u1(2*t) a; } qreg q[1]; h q[0]; rz(1) q[0];"))
        .isEqualTo(Circuit.builder(1).gate(X, 0).gate(U1, Parameters.of(2), 0).build());
    assertThat(read("gate sx a { sdg a; barrier a; h a; sdg a; } qreg q[1]; sx q[0];").operations())
        .hasSize(4);
  }

  @Test
  void conditionGuardsEveryOperationOfAnExpandedGateButBarriers() {
    Circuit circuit =
        read(
            "gate f a,b { h a; barrier a,b; cx a,b; } qreg q[2]; creg c[2]; if(c==3) f q[0],q[1];");
    BigInteger three = BigInteger.valueOf(3);
    assertThat(circuit.operations())
        .containsExactly(
            new Conditional(0, three, new GateOperation(H, Location.of(0), Parameters.NONE)),
            new Barrier(Location.of(0, 1)),
            new Conditional(0, three, new GateOperation(CX, Location.of(0, 1), Parameters.NONE)));
  }

  @Test
  void conditionsMayCompareWithAnyInteger() {
    Circuit circuit =
        read("qreg q[1]; creg c[99]; if(c==633825300114114700748351602687) reset q[0];");
    assertThat(circuit.operations())
        .containsExactly(
            new Conditional(0, BigInteger.TWO.pow(99).subtract(BigInteger.ONE), new Reset(0)));
  }

  @Test
  void opaqueGatesMayBeDeclared() {
    assertThat(read("opaque magic(a,b) x,y; opaque more() z; qreg q[1]; h q[0];"))
        .isEqualTo(Circuit.builder(1).gate(H, 0).build());
  }

  @Test
  void byteOrderMarkCrLfCommentsAndMissingLastNewlineAreAccepted() {
    String text =
        "\uFEFF// größer als: ⟨ψ|\r\n// second\r\nOPENQASM 2.0;\r\ninclude \"qelib1.inc\";\r\n"
            + "qreg q[1]; // ∞\r\nh q[0];//end";
    assertThat(QasmReader.read(text)).isEqualTo(Circuit.builder(1).gate(H, 0).build());
  }

  @Test
  void nameOfALibraryGateOutsideTheOriginalMayBeARegister() {
    assertThat(read("qreg p[2]; p(1) p[1];"))
        .isEqualTo(Circuit.builder(2).gate(P, Parameters.of(1), 1).build());
  }

  @Test
  void oneLineWithAHarmlessCommentIsAccepted() {
    assertThat(QasmReader.read("OPENQASM 2.0; qreg q[1]; U(0,0,0) q[0]; // done").operations())
        .hasSize(1);
  }

  @Test
  void includingTheLibraryTwiceIsHarmless() {
    assertThat(read("include \"qelib1.inc\"; qreg q[1]; h q;").operations()).hasSize(1);
  }

  private static Circuit anyApplication(StandardGate gate) {
    int[] qubits = new int[gate.qubits()];
    double[] parameters = new double[gate.parameterCount()];
    for (int i = 0; i < qubits.length; i++) {
      qubits[i] = qubits.length - i;
    }
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = 0.1 + i;
    }
    return Circuit.builder(6).gate(gate, Parameters.of(parameters), qubits).build();
  }

  private static Circuit read(String body) {
    return QasmReader.read(HEADER + body);
  }

  private static Circuit.Builder withBit(String register, int size, int qubits) {
    return Circuit.builder(qubits, List.of(new ClassicalRegister(register, size)));
  }
}
