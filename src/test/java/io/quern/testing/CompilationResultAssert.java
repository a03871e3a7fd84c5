package io.quern.testing;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.compile.CircuitStatistics;
import io.quern.engine.compile.CompilationInput;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.machine.MachineModel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractAssert;

/// What must hold of every compilation, whatever its options: the machine is respected, the numbers
/// told are true, and the circuit does what its input does.
public final class CompilationResultAssert
    extends AbstractAssert<CompilationResultAssert, CompilationResult> {
  /// Distances are promised at 1e-8 and expected to be below this.
  public static final double TOLERANCE = 1e-12;

  private CompilationResultAssert(CompilationResult actual) {
    super(actual, CompilationResultAssert.class);
  }

  public static CompilationResultAssert assertThat(CompilationResult actual) {
    return new CompilationResultAssert(actual);
  }

  /// All that can be checked: [#fits], [#hasTrueMappings], [#hasTrueStatistics], [#isEqualTo].
  public CompilationResultAssert carriesOut(CompilationInput input) {
    return fits(input.machine())
        .hasTrueMappings(input)
        .hasTrueStatistics(input)
        .isEquivalentTo(input.circuit());
  }

  /// Every gate is one of the machine's and every two-qubit gate lies on an edge.
  public CompilationResultAssert fits(MachineModel machine) {
    isNotNull();
    if (actual.circuit().qubits() != machine.qubits()) {
      failWithMessage(
          "expected a circuit of the machine's %d qubits, found %d",
          machine.qubits(), actual.circuit().qubits());
    }
    for (Operation operation : actual.circuit().operations()) {
      switch (operation) {
        case GateOperation gate -> fits(gate, machine);
        case Conditional(_, _, GateOperation gate) -> fits(gate, machine);
        case Conditional _, Measurement _, Reset _, Barrier _ -> {}
      }
    }
    return this;
  }

  private void fits(GateOperation operation, MachineModel machine) {
    if (!(operation.gate() instanceof StandardGate gate)
        || !machine.gates().gates().contains(gate)) {
      failWithMessage("%s is not among the gates %s", operation, machine.gates().gates());
    }
    int[] qubits = operation.location().toArray();
    for (int a : qubits) {
      for (int b : qubits) {
        if (a < b && !machine.coupling().isEdge(a, b)) {
          failWithMessage("%s is on qubits that are not coupled", operation);
        }
      }
    }
  }

  /// Mappings send logical qubits to different physical ones within one connected part, and stay
  /// the identity where nothing has to move.
  public CompilationResultAssert hasTrueMappings(CompilationInput input) {
    isNotNull();
    int n = input.circuit().qubits();
    for (List<Integer> mapping : List.of(actual.initialMapping(), actual.finalMapping())) {
      boolean inRange = mapping.stream().allMatch(p -> p >= 0 && p < input.machine().qubits());
      if (mapping.size() != n || new TreeSet<>(mapping).size() != n || !inRange) {
        failWithMessage(
            "expected %d different qubits below %d, found the mapping %s",
            n, input.machine().qubits(), mapping);
      }
      List<Integer> identity = IntStream.range(0, n).boxed().toList();
      if (isComplete(input.machine())
          && !input.options().permuteOutput()
          && !mapping.equals(identity)) {
        failWithMessage("expected the identity where all qubits are coupled, found %s", mapping);
      }
    }
    return this;
  }

  private static boolean isComplete(MachineModel machine) {
    return IntStream.range(0, machine.qubits())
        .allMatch(a -> IntStream.range(0, a).allMatch(b -> machine.coupling().isEdge(a, b)));
  }

  /// The counts told are those of the circuits.
  public CompilationResultAssert hasTrueStatistics(CompilationInput input) {
    isNotNull();
    hasStatistics("before", actual.before(), input.circuit());
    return hasStatistics("after", actual.after(), actual.circuit());
  }

  private CompilationResultAssert hasStatistics(
      String when, CircuitStatistics found, Circuit circuit) {
    CircuitStatistics expected = statistics(circuit);
    if (!found.equals(expected)) {
      failWithMessage("expected %s to be%n%s%nfound%n%s", when, expected, found);
    }
    return this;
  }

  /// The counts of a circuit, by their definition; measurements and resets are operations, but no
  /// gates. Classical wires count for depth: who reads a register comes after all who wrote to it.
  public static CircuitStatistics statistics(Circuit circuit) {
    int bits = circuit.classicalRegisters().stream().mapToInt(register -> register.size()).sum();
    int[] depth = new int[circuit.qubits() + bits];
    int[] twoQubitDepth = new int[circuit.qubits() + bits];
    int operations = 0;
    int twoQubitGates = 0;
    TreeMap<String, Integer> gates = new TreeMap<>();
    for (Operation operation : circuit.operations()) {
      if (operation instanceof Barrier) {
        continue;
      }
      operations++;
      Optional<GateOperation> gate = gateOf(operation);
      boolean isWide = gate.isPresent() && gate.get().location().size() > 1;
      twoQubitGates += isWide ? 1 : 0;
      gate.ifPresent(present -> gates.merge(present.gate().qasmName(), 1, Integer::sum));
      int[] wires = wires(operation, circuit);
      raise(depth, wires, 1);
      raise(twoQubitDepth, wires, isWide ? 1 : 0);
    }
    return new CircuitStatistics(
        circuit.qubits(),
        operations,
        twoQubitGates,
        Arrays.stream(depth).max().orElse(0),
        Arrays.stream(twoQubitDepth).max().orElse(0),
        gates);
  }

  private static Optional<GateOperation> gateOf(Operation operation) {
    return switch (operation) {
      case GateOperation gate -> Optional.of(gate);
      case Conditional conditional -> gateOf(conditional.body());
      case Measurement _, Reset _, Barrier _ -> Optional.empty();
    };
  }

  private static int[] wires(Operation operation, Circuit circuit) {
    IntStream qubits = Arrays.stream(operation.location().toArray());
    return switch (operation) {
      case GateOperation _, Reset _, Barrier _ -> qubits.toArray();
      case Measurement(_, int register, int bit) ->
          IntStream.concat(qubits, IntStream.of(firstWire(circuit, register) + bit)).toArray();
      case Conditional(int register, _, Operation body) -> {
        int first = firstWire(circuit, register);
        int size = circuit.classicalRegisters().get(register).size();
        IntStream inner = Arrays.stream(wires(body, circuit));
        yield IntStream.concat(inner, IntStream.range(first, first + size)).distinct().toArray();
      }
    };
  }

  private static int firstWire(Circuit circuit, int register) {
    int first = circuit.qubits();
    for (int r = 0; r < register; r++) {
      first += circuit.classicalRegisters().get(r).size();
    }
    return first;
  }

  private static void raise(int[] depth, int[] wires, int by) {
    int height = Arrays.stream(wires).map(wire -> depth[wire]).max().orElse(0) + by;
    for (int wire : wires) {
      depth[wire] = height;
    }
  }

  /// The circuit under its mappings does what `input` does, by simulation.
  public CompilationResultAssert isEquivalentTo(Circuit input) {
    isNotNull();
    Compacted compacted = Compacted.of(actual);
    double distance =
        Equivalence.distance(
            input, compacted.circuit, compacted.initialMapping, compacted.finalMapping);
    if (!(distance <= TOLERANCE)) {
      failWithMessage(
          "expected the same circuit to a distance of %s, found %s under the mappings %s -> %s",
          TOLERANCE, distance, actual.initialMapping(), actual.finalMapping());
    }
    return this;
  }

  /// The Clifford circuit under its mappings does what `input` does, by stabiliser tableaux.
  public CompilationResultAssert isSameClifford(Circuit input) {
    isNotNull();
    Optional<String> difference =
        StabilizerTableau.of(input)
            .differenceFrom(
                StabilizerTableau.of(actual.circuit()),
                actual.initialMapping(),
                actual.finalMapping());
    difference.ifPresent(text -> failWithMessage("%s", text));
    return this;
  }

  /// A result without the physical qubits that neither hold a logical qubit nor are touched.
  private record Compacted(
      Circuit circuit, List<Integer> initialMapping, List<Integer> finalMapping) {

    static Compacted of(CompilationResult result) {
      TreeSet<Integer> used = new TreeSet<>(result.initialMapping());
      used.addAll(result.finalMapping());
      for (Operation operation : result.circuit().operations()) {
        if (!(operation instanceof Barrier)) {
          Arrays.stream(operation.location().toArray()).forEach(used::add);
        }
      }
      int[] names = new int[result.circuit().qubits()];
      Arrays.fill(names, -1);
      int next = 0;
      for (int qubit : used) {
        names[qubit] = next++;
      }
      Circuit.Builder builder = Circuit.builder(used.size(), result.circuit().classicalRegisters());
      for (Operation operation : result.circuit().operations()) {
        if (!(operation instanceof Barrier)) {
          builder.add(operation.mapQubits(names));
        }
      }
      return new Compacted(
          builder.build(),
          result.initialMapping().stream().map(p -> names[p]).toList(),
          result.finalMapping().stream().map(p -> names[p]).toList());
    }
  }
}
