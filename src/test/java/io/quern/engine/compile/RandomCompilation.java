package io.quern.engine.compile;

import static io.quern.testing.CompilationResultAssert.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.MachineModel;
import io.quern.testing.CompilationResultAssert;
import io.quern.testing.Generators;
import io.quern.testing.InlineRuntime;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A random circuit for a random machine at a random level or by a random workflow; the same seed
/// gives the same.
///
/// @param tree the workflow, if it is compiled by one
record RandomCompilation(
    long seed, CompilationInput input, boolean isClifford, @Nullable Object tree) {

  /// One in this many has up to eight qubits; the others have up to five, for the oracle's sake.
  private static final int WIDE_ONE_IN = 12;

  /// One in this many is compiled again on other slots, in another order of runtime tasks.
  private static final int REPEATED_ONE_IN = 10;

  static RandomCompilation of(long seed) {
    // Neighbouring seeds of java.util.Random begin alike.
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    int qubits = 1 + random.nextInt(random.nextInt(WIDE_ONE_IN) == 0 ? 8 : 5);
    int kind = random.nextInt(5);
    int operations = random.nextInt(24);
    Circuit circuit =
        switch (kind) {
          case 0, 1 -> Generators.circuit(seed, qubits, operations);
          case 2, 3 -> Generators.dynamicCircuit(seed, Math.min(qubits, 6), operations, 3);
          default -> Generators.cliffordCircuit(seed, Math.max(2, qubits), operations);
        };
    boolean isClifford = kind == 4;
    MachineModel machine =
        new MachineModel(
            Generators.couplingGraph(seed, circuit.qubits()),
            isClifford ? Compilations.CX_U3 : Generators.gateSet(seed));
    int draw = random.nextInt(100);
    boolean isMapped = machine.coupling().isComplete();
    List<Object> tree = draw < 8 && !isClifford ? new RandomWorkflows(random).next(isMapped) : null;
    int level = draw < 78 ? 1 : draw < 97 || circuit.qubits() > 4 ? 2 : 3;
    return new RandomCompilation(
        seed,
        new CompilationInput(
            circuit,
            machine,
            new CompilationOptions(
                level,
                seed,
                tree == null && random.nextInt(5) == 0,
                Verification.NONE,
                tree == null ? null : WorkflowReader.read(tree, circuit, machine),
                SynthesisOptions.DEFAULT)),
        isClifford,
        tree);
  }

  /// Compiles it and compares by independent simulation.
  CompilationResult check() {
    CompilationResult result = Compilations.compile(input, InlineRuntime.of(2, seed));
    CompilationResultAssert verdict = assertThat(result).as("%s", this).carriesOut(input);
    if (seed % REPEATED_ONE_IN == 0) {
      CompilationResult again = Compilations.compile(input, InlineRuntime.of(4, seed + 1));
      org.assertj.core.api.Assertions.assertThat(again.circuit())
          .as("%s, with other slots", this)
          .isEqualTo(result.circuit());
    }
    if (isClifford) {
      verdict.isSameClifford(input.circuit());
    }
    return result;
  }

  @Override
  public String toString() {
    return "seed "
        + seed
        + (tree == null ? ", level " + input.options().level() : ", workflow " + tree)
        + ", "
        + input.machine();
  }
}
