package io.quern.engine.compile;

import static io.quern.engine.circuit.StandardGate.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.testing.InlineRuntime;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifierTest {

  @ParameterizedTest
  @CsvSource({
    "auto, 6, unitary",
    "auto, 7, states",
    "auto, 20, states",
    "auto, 21, ",
    "unitary, 7, unitary",
    "states, 2, states",
    "none, 2, "
  })
  void methodFollowsWidthAndChoice(String verify, int qubits, @Nullable String method) {
    Circuit circuit = Circuit.builder(qubits).gate(H, 0).gate(CX, 0, 1).build();
    Distance distance = verify(circuit, circuit, verify);
    if (method == null) {
      assertThat(distance).isNull();
    } else {
      Distance measured = Objects.requireNonNull(distance);
      assertThat(measured.method()).isEqualTo(method);
      assertThat(measured.value()).isLessThan(1e-25);
    }
  }

  @Test
  void unaskedOnlyAsManyStatesAreSimulatedAsTakeLittleTime() {
    Circuit.Builder long20 = Circuit.builder(20);
    for (int k = 0; k < 3_000; k++) {
      long20.gate(CZ, k % 19, 19);
    }
    Circuit circuit = long20.build();
    assertThat(verify(circuit, circuit, "auto")).isNull();
    // Six qubits of a wide machine: the unitary would take 64 states of 2^18 numbers.
    Circuit narrow = Circuit.builder(6).gate(H, 0).gate(CX, 0, 5).build();
    Circuit.Builder wide = Circuit.builder(18).gate(H, 0).gate(CX, 0, 5);
    for (int k = 0; k < 200; k++) {
      wide.gate(CZ, k % 17, 17);
    }
    Distance distance = Objects.requireNonNull(verify(narrow, wide.build(), "auto"));
    assertThat(distance.method()).isEqualTo("states");
    assertThat(distance.value()).isLessThan(1e-25);
  }

  @Test
  void measuringCircuitsAreFollowedAlongEveryOutcome() {
    Circuit circuit =
        Circuit.builder(2, List.of(new ClassicalRegister("c", 1)))
            .gate(H, 0)
            .add(new Measurement(0, 0, 0))
            .build();
    Distance distance = Objects.requireNonNull(verify(circuit, circuit, "auto"));
    assertThat(distance.method()).isEqualTo("branches");
  }

  @Test
  void wrongResultDoesNotPass() {
    Circuit input = Circuit.builder(2).gate(CX, 0, 1).build();
    Circuit wrong = Circuit.builder(2).gate(CX, 1, 0).build();
    assertThatThrownBy(() -> verify(input, wrong, "auto"))
        .isInstanceOfSatisfying(
            QuernException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.PASS_FAILED))
        .hasMessageContaining("the compiled circuit is not the input");
  }

  private static @Nullable Distance verify(Circuit input, Circuit output, String verify) {
    List<Integer> identity = IntStream.range(0, input.qubits()).boxed().toList();
    Verification verification = Verification.valueOf(verify.toUpperCase(java.util.Locale.ROOT));
    return new Verifier(InlineRuntime.of(1, 1))
        .verify(
            input,
            output,
            identity,
            identity,
            new CompilationOptions(1, 7, false, verification),
            Verifier.PROMISED_DISTANCE);
  }
}
