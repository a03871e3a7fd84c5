package io.quern.engine.mapping;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.mapping.BlockGraph.Group;
import io.quern.engine.mapping.BlockGraph.Kind;
import io.quern.engine.mapping.BlockGraph.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Collects a circuit's gates into two-qubit blocks, reaching over gates that commute.
///
/// A gate joins the last block on its pair if, on both wires, everything since commutes with that
/// block or is a one-qubit gate, which the block then takes in. Whether gates commute is told by
/// the [RotationAxis] each keeps on the shared wire, so one look at a group of commuting gates is
/// enough. Merging moves a block to a later place in the circuit, past gates it commutes with.
final class BlockCollector {
  /// The largest group of commuting gates; more would make dependencies quadratic.
  private static final int GROUP_LIMIT = 48;

  private final boolean swapsAreRenamings;
  private final int qubits;
  private final int[] bitOffset;
  private final int[] wireOf;
  private final List<ArrayList<OpenGroup>> wires = new ArrayList<>();
  private int sequence;

  private BlockCollector(Circuit circuit, boolean swapsAreRenamings) {
    this.swapsAreRenamings = swapsAreRenamings;
    this.qubits = circuit.qubits();
    List<ClassicalRegister> registers = circuit.classicalRegisters();
    bitOffset = new int[registers.size() + 1];
    bitOffset[0] = qubits;
    for (int r = 0; r < registers.size(); r++) {
      bitOffset[r + 1] = bitOffset[r] + registers.get(r).size();
    }
    for (int w = 0; w < bitOffset[registers.size()]; w++) {
      wires.add(new ArrayList<>());
    }
    wireOf = new int[qubits];
    for (int q = 0; q < qubits; q++) {
      wireOf[q] = q;
    }
  }

  /// @param swapsAreRenamings whether SWAP gates of the circuit only exchange names of qubits, as
  ///   they may where qubits need not end where they started
  /// @throws IllegalArgumentException if a gate acts on more than two qubits
  static BlockGraph collect(Circuit circuit, boolean swapsAreRenamings) {
    BlockCollector collector = new BlockCollector(circuit, swapsAreRenamings);
    for (Operation operation : circuit.operations()) {
      collector.add(operation);
    }
    return collector.graph();
  }

  private void add(Operation operation) {
    if (operation instanceof GateOperation gate) {
      if (gate.gate() == StandardGate.SWAP && swapsAreRenamings) {
        int first = gate.location().get(0);
        int second = gate.location().get(1);
        int wire = wireOf[first];
        wireOf[first] = wireOf[second];
        wireOf[second] = wire;
        return;
      }
      GateOperation mapped = (GateOperation) gate.mapQubits(wireOf);
      switch (gate.gate().qubits()) {
        case 1 -> addLocal(mapped);
        case 2 -> addPair(mapped);
        default ->
            throw new IllegalArgumentException(
                "only gates on one or two qubits can be routed, found "
                    + gate.gate().qasmName()
                    + " on "
                    + gate.location());
      }
      return;
    }
    addOther(operation.mapQubits(wireOf));
  }

  private void addLocal(GateOperation gate) {
    double[] matrix = matrix(gate);
    OpenStep step = new OpenStep(Kind.LOCAL, List.of(gate.location().get(0)), 1, matrix);
    step.operations.add(gate);
    append(step, new RotationAxis[] {RotationAxis.of(matrix, 1, 0)});
  }

  private void addPair(GateOperation gate) {
    int a = Math.min(gate.location().get(0), gate.location().get(1));
    int b = Math.max(gate.location().get(0), gate.location().get(1));
    double[] matrix = matrix(gate);
    if (gate.location().get(0) != a) {
      matrix = TwoQubitMatrix.exchangeQubits(matrix);
    }
    OpenStep step = new OpenStep(Kind.BLOCK, List.of(a, b), 2, matrix);
    OpenStep partner = partner(a, b);
    if (partner != null) {
      step.matrix = partner.matrix;
      step.operations.addAll(partner.operations);
      takeIn(step, partner, a, 0);
      takeIn(step, partner, b, 1);
      step.matrix = TwoQubitMatrix.multiply(matrix, step.matrix);
    }
    step.operations.add(gate);
    append(
        step,
        new RotationAxis[] {
          RotationAxis.of(step.matrix, 2, 0), RotationAxis.of(step.matrix, 2, 1)
        });
  }

  /// The block on wires a and b behind which only one-qubit gates and commuting blocks stand.
  private @Nullable OpenStep partner(int a, int b) {
    OpenGroup groupA = lastGroupWithPairs(wires.get(a));
    OpenGroup groupB = lastGroupWithPairs(wires.get(b));
    if (groupA == null || groupB == null) {
      return null;
    }
    for (OpenStep step : groupA.steps.reversed()) {
      if (step.kind == Kind.BLOCK
          && step.wires.get(0) == a
          && step.wires.get(1) == b
          && groupB.steps.contains(step)) {
        return step;
      }
    }
    return null;
  }

  private static @Nullable OpenGroup lastGroupWithPairs(List<OpenGroup> groups) {
    for (OpenGroup group : groups.reversed()) {
      if (!group.isLocal) {
        return group;
      }
    }
    return null;
  }

  /// Moves the one-qubit gates behind `partner` on a wire into `step`, and `partner` off the wire.
  private void takeIn(OpenStep step, OpenStep partner, int wire, int qubit) {
    List<OpenGroup> groups = wires.get(wire);
    int at = groups.size() - 1;
    while (groups.get(at).isLocal) {
      at--;
    }
    for (OpenGroup local : groups.subList(at + 1, groups.size())) {
      for (OpenStep gate : local.steps) {
        step.matrix = TwoQubitMatrix.applyLocal(gate.matrix, qubit, step.matrix);
        step.operations.addAll(gate.operations);
      }
    }
    groups.subList(at + 1, groups.size()).clear();
    OpenGroup group = groups.get(at);
    group.steps.remove(partner);
    if (group.steps.isEmpty()) {
      groups.remove(at);
    } else {
      group.isLocal = group.steps.stream().allMatch(s -> s.kind == Kind.LOCAL);
    }
  }

  private void addOther(Operation operation) {
    Set<Integer> bits = new TreeSet<>();
    int cost = 0;
    Kind kind = Kind.OTHER;
    switch (operation) {
      case Measurement m -> bits.add(bitOffset[m.register()] + m.bit());
      case Conditional c -> {
        for (int bit = bitOffset[c.register()]; bit < bitOffset[c.register() + 1]; bit++) {
          bits.add(bit);
        }
        if (c.body() instanceof Measurement m) {
          bits.add(bitOffset[m.register()] + m.bit());
        }
        if (c.body() instanceof GateOperation gate && gate.gate().qubits() > 1) {
          if (gate.gate().qubits() > 2) {
            throw new IllegalArgumentException(
                "only gates on one or two qubits can be routed, found guarded "
                    + gate.gate().qasmName());
          }
          kind = Kind.GUARDED_PAIR;
          cost = CxCount.of(matrix(gate));
        }
      }
      case Barrier _, Reset _ -> {}
      case GateOperation gate -> throw new IllegalArgumentException("not here: " + gate);
    }
    List<Integer> touched = new ArrayList<>();
    for (int qubit : operation.location().toArray()) {
      touched.add(qubit);
    }
    int touchedQubits = touched.size();
    touched.addAll(bits);
    OpenStep step = new OpenStep(kind, touched, touchedQubits, new double[0]);
    step.guardedCost = cost;
    step.operations.add(operation);
    append(step, new RotationAxis[touched.size()]);
  }

  private void append(OpenStep step, @Nullable RotationAxis[] axes) {
    step.sequence = sequence++;
    for (int i = 0; i < step.wires.size(); i++) {
      List<OpenGroup> groups = wires.get(step.wires.get(i));
      RotationAxis axis = axes[i];
      OpenGroup last = groups.isEmpty() ? null : groups.getLast();
      if (last == null
          || axis == null
          || last.axis == null
          || last.steps.size() >= GROUP_LIMIT
          || !last.axis.isParallelTo(axis)) {
        last = new OpenGroup(axis);
        groups.add(last);
      }
      last.steps.add(step);
      last.isLocal &= step.kind == Kind.LOCAL;
    }
  }

  private BlockGraph graph() {
    List<OpenStep> ordered =
        wires.stream()
            .flatMap(Collection::stream)
            .flatMap(group -> group.steps.stream())
            .distinct()
            .sorted(Comparator.comparingInt(step -> step.sequence))
            .toList();
    List<Step> steps = new ArrayList<>(ordered.size());
    for (OpenStep step : ordered) {
      step.number = steps.size();
      steps.add(step.close());
    }
    List<List<Group>> groups = new ArrayList<>();
    for (List<OpenGroup> wire : wires) {
      groups.add(
          wire.stream()
              .map(g -> new Group(g.steps.stream().map(step -> step.number).sorted().toList()))
              .toList());
    }
    return new BlockGraph(qubits, groups, steps, wireOf);
  }

  private static double[] matrix(GateOperation gate) {
    double[] matrix = new double[2 << (2 * gate.gate().qubits())];
    gate.gate().unitary(gate.parameters().toArray(), matrix);
    return matrix;
  }

  /// A group still open to more steps.
  private static final class OpenGroup {
    /// What its steps keep; null if its one step keeps no axis.
    private final @Nullable RotationAxis axis;

    private final ArrayList<OpenStep> steps = new ArrayList<>();

    /// Whether all of its steps are one-qubit gates.
    private boolean isLocal = true;

    OpenGroup(@Nullable RotationAxis axis) {
      this.axis = axis;
    }
  }

  /// A step still open to more gates.
  private static final class OpenStep {
    private final Kind kind;
    private final List<Integer> wires;
    private final int qubits;
    private final List<Operation> operations = new ArrayList<>();
    private double[] matrix;
    private int guardedCost;
    private int sequence;
    private int number;

    OpenStep(Kind kind, List<Integer> wires, int qubits, double[] matrix) {
      this.kind = kind;
      this.wires = wires;
      this.qubits = qubits;
      this.matrix = matrix;
    }

    Step close() {
      int cost = guardedCost;
      int costWithSwap = guardedCost + 3;
      if (kind == Kind.BLOCK) {
        cost = CxCount.of(matrix);
        costWithSwap = CxCount.of(TwoQubitMatrix.thenSwap(matrix));
      }
      return new Step(
          number, kind, List.copyOf(wires), qubits, List.copyOf(operations), cost, costWithSwap);
    }
  }
}
