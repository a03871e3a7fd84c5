package io.quern.engine.qasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quern.failure.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Small programs that ask for much: each is refused before it gets it.
class QasmLimitsTest {
  private static final String HEADER = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n";
  private static final QasmLimits SMALL = new QasmLimits(1_000_000, 100, 100, 1_000, 50);

  @Test
  void gateBombIsRefusedBeforeItIsExpanded() {
    StringBuilder bomb = new StringBuilder("gate g0 a { x a; }\n");
    for (int i = 1; i < 50; i++) {
      bomb.append("gate g%d a { g%d a; g%d a; }\n".formatted(i, i - 1, i - 1));
    }
    assertRefused(bomb + "qreg q[1]; g49 q[0];", "max_operations");
  }

  @Test
  void definingAGateBombIsFine() {
    StringBuilder bomb = new StringBuilder("gate g0 a { x a; }\n");
    for (int i = 1; i < 50; i++) {
      bomb.append("gate g%d a { g%d a; g%d a; g%d a; }\n".formatted(i, i - 1, i - 1, i - 1));
    }
    assertThat(QasmReader.read(HEADER + bomb + "qreg q[1]; g1 q[0];", SMALL).operations())
        .hasSize(3);
  }

  @Test
  void bombOfNothingTakesNoTime() {
    StringBuilder bomb = new StringBuilder("gate g0 a { }\n");
    for (int i = 1; i < 50; i++) {
      bomb.append("gate g%d a { g%d a; g%d a; }\n".formatted(i, i - 1, i - 1));
    }
    assertThat(QasmReader.read(HEADER + bomb + "qreg q[1]; g49 q[0];", SMALL).operations())
        .isEmpty();
  }

  @Test
  void expressionsThatAreEvaluatedManyTimesAreRefused() {
    String sum = "(t+t)";
    for (int i = 0; i < 6; i++) {
      sum = "(" + sum + "+" + sum + ")";
    }
    String program =
        "gate g0(t) a { rz(" + sum + ") a; }\ngate g1(t) a {" + " g0(t) a;".repeat(50) + " }\n";
    // Once is 128 additions, which are few; a hundred times are more than 8000 steps.
    assertThat(QasmReader.read(HEADER + program + "qreg q[1]; g0(1) q[0];", SMALL).operations())
        .hasSize(1);
    assertRefused(program + "qreg q[1]; g1(1) q[0];", "max_operations");
    assertRefused(program + "qreg q[100]; g0(1) q;", "max_operations");
  }

  @Test
  void broadcastCountsEveryApplication() {
    assertRefused("qreg q[100]; " + "h q;".repeat(11), "max_operations");
    assertRefused("qreg q[100]; " + "reset q;".repeat(11), "max_operations");
    assertRefused("qreg q[100]; creg c[100]; " + "measure q->c;".repeat(11), "max_operations");
    assertThat(QasmReader.read(HEADER + "qreg q[100]; " + "h q;".repeat(10), SMALL).operations())
        .hasSize(1_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"qreg q[101];", "qreg q[2147483648];", "qreg a[60]; qreg b[60];"})
  void tooManyQubitsAreRefused(String program) {
    assertRefused(program, "max_qubits");
  }

  @Test
  void tooManyClassicalBitsAreRefused() {
    assertRefused("qreg q[1]; creg c[101];", "max_classical_bits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "-", "sin(", "2^", "+", "-(", "1+(", "sqrt(1+", "2^-"})
  void deepExpressionsAreRefused(String opening) {
    assertRefused("qreg q[1]; rz(" + opening.repeat(100_000), "max_nesting");
  }

  @Test
  void longSumsOfParametersAreRefusedAndOfNumbersAreNot() {
    assertRefused("gate f(t) a { rz(t" + "+t".repeat(100_000) + ") a; }", "max_nesting");
    String sum = "qreg q[1]; rz(1" + "+1".repeat(100_000) + ") q[0];";
    assertThat(QasmReader.read(HEADER + sum, SMALL).operations()).hasSize(1);
  }

  @Test
  void deepGateNestingIsRefused() {
    StringBuilder chain = new StringBuilder("gate g0 a { x a; }\n");
    for (int i = 1; i < 10_000; i++) {
      chain.append("gate g%d a { g%d a; }\n".formatted(i, i - 1));
    }
    assertRefused(chain + "qreg q[1]; g9999 q[0];", "max_nesting");
  }

  @Test
  void wideBarriersAreBoundedTogether() {
    StringBuilder program = new StringBuilder("qreg q[100];\n");
    for (int i = 0; i < 500; i++) {
      program.append("barrier q[%d],q;\n".formatted(i % 100));
    }
    assertRefused(program.toString(), "max_operations");
    String same = "qreg q[100];\n" + "barrier q;\n".repeat(500);
    assertThat(QasmReader.read(HEADER + same, SMALL).operations()).hasSize(500);
  }

  @Test
  void longTextsAndIntegersAreRefused() {
    assertRefused(" ".repeat(1_000_000), "max_characters");
    assertRefused("qreg q[1]; creg c[1]; if(c==" + "9".repeat(100_000) + ") x q[0];", "max_digits");
  }

  @Test
  void defaultLimitsFitTheStack() {
    int depth = QasmLimits.DEFAULT.maxNesting() - 1;
    String nested = "qreg q[1]; rz(" + "(".repeat(depth) + "1" + ")".repeat(depth) + ") q[0];";
    assertThat(QasmReader.read(HEADER + nested).operations()).hasSize(1);
  }

  private static void assertRefused(String program, String limit) {
    QasmException error =
        catchThrowableOfType(QasmException.class, () -> QasmReader.read(HEADER + program, SMALL));
    assertThat(error).isNotNull();
    assertThat(error.code()).as(error.getMessage()).isEqualTo(ErrorCode.CIRCUIT_TOO_LARGE);
    assertThat(error.details()).containsEntry("limit", limit).containsKeys("allowed", "line");
  }
}
