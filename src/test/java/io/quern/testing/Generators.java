package io.quern.testing;

import static io.quern.engine.circuit.StandardGate.*;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.machine.GateSet;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/// Seeded random circuits, coupling graphs and gate sets: the same seed gives the same value, on
/// every machine.
public final class Generators {
  /// Angles at which formulas divide by zero, branches meet or gates become Clifford.
  private static final double[] SPECIAL_ANGLES = {
    0,
    -0.0,
    Math.PI,
    -Math.PI,
    Math.PI / 2,
    -Math.PI / 2,
    Math.PI / 4,
    -3 * Math.PI / 4,
    2 * Math.PI,
    4 * Math.PI,
    -7 * Math.PI / 2,
    Math.PI / 3,
    1e-3,
    1e-8,
    -1e-12,
    1e-17,
    Math.PI - 1e-9,
    Math.PI / 2 + 1e-10,
    100.25
  };

  private static final Set<StandardGate> CLIFFORD =
      EnumSet.of(
          ID, X, Y, Z, H, S, SDG, SX, SXDG, RX, RY, RZ, P, U1, U2, U3, U, CX, CY, CZ, SWAP, RXX,
          RZZ);

  private static final List<Set<StandardGate>> ONE_QUBIT_SETS =
      List.of(
          EnumSet.of(U3),
          EnumSet.of(U),
          EnumSet.of(U2),
          EnumSet.of(U1, U2, U3),
          EnumSet.of(RZ, SX),
          EnumSet.of(RZ, SX, X),
          EnumSet.of(RZ, SXDG),
          EnumSet.of(P, SX),
          EnumSet.of(RZ, RY),
          EnumSet.of(RZ, RX),
          EnumSet.of(RX, RY),
          EnumSet.of(RX, S),
          EnumSet.of(RX, TDG),
          EnumSet.of(RY, S),
          EnumSet.of(RY, SX),
          EnumSet.of(RX, H),
          EnumSet.of(RZ, H),
          EnumSet.of(U1, H),
          EnumSet.of(P, H, X, S),
          EnumSet.of(RX, RY, RZ, H),
          EnumSet.of(R),
          EnumSet.of(RZ, R));

  private static final List<Set<StandardGate>> ENTANGLER_SETS =
      List.of(
          EnumSet.of(CX),
          EnumSet.of(CY),
          EnumSet.of(CZ),
          EnumSet.of(CH),
          EnumSet.of(CSX),
          EnumSet.of(CRX),
          EnumSet.of(CRY),
          EnumSet.of(CRZ),
          EnumSet.of(CP),
          EnumSet.of(CU1),
          EnumSet.of(CU3),
          EnumSet.of(CU),
          EnumSet.of(RXX),
          EnumSet.of(RZZ),
          EnumSet.of(CX, CZ),
          EnumSet.of(CX, SWAP),
          EnumSet.of(CZ, SWAP, CCX),
          EnumSet.of(RZZ, CX, CP),
          EnumSet.of(ECR),
          EnumSet.of(RYY),
          EnumSet.of(ISWAP),
          EnumSet.of(SQISW),
          EnumSet.of(B),
          EnumSet.of(CZ, ISWAP),
          EnumSet.of(SQISW, CX, SWAP));

  private Generators() {}

  /// A random circuit of gates from all that are known and fit.
  public static Circuit circuit(long seed, int qubits, int operations) {
    return circuit(seed, qubits, operations, EnumSet.allOf(StandardGate.class));
  }

  /// A random circuit of the given gates as far as they fit on the qubits.
  public static Circuit circuit(
      long seed, int qubits, int operations, Collection<StandardGate> gates) {
    Random random = new Random(seed);
    Circuit.Builder builder = Circuit.builder(qubits);
    for (int i = 0; i < operations; i++) {
      builder.add(gate(random, qubits, gates, false));
    }
    return builder.build();
  }

  /// A random circuit with measurements, resets, barriers and conditionals among its gates.
  ///
  /// @param forks at most so many measurements and resets, each of which doubles what an oracle has
  ///   to follow
  public static Circuit dynamicCircuit(long seed, int qubits, int operations, int forks) {
    return dynamicCircuit(seed, qubits, operations, forks, EnumSet.allOf(StandardGate.class));
  }

  /// As above, with gates of the given kinds only.
  public static Circuit dynamicCircuit(
      long seed, int qubits, int operations, int forks, Collection<StandardGate> gates) {
    Random random = new Random(seed);
    List<ClassicalRegister> registers = new ArrayList<>();
    for (int r = 0; r <= random.nextInt(3); r++) {
      registers.add(new ClassicalRegister(r == 0 ? "q" : "c" + r, 1 + random.nextInt(3)));
    }
    Circuit.Builder builder = Circuit.builder(qubits, registers);
    int left = forks;
    for (int i = 0; i < operations; i++) {
      int kind = random.nextInt(12);
      if (kind == 0) {
        int size = 1 + random.nextInt(qubits);
        builder.add(new Barrier(Location.of(qubits(random, qubits, size))));
      } else if (kind <= 2 && left > 0) {
        left--;
        builder.add(fork(random, qubits, registers));
      } else if (kind <= 4) {
        int register = random.nextInt(registers.size());
        BigInteger value = new BigInteger(registers.get(register).size(), random);
        boolean isFork = left > 0 && random.nextInt(4) == 0;
        left -= isFork ? 1 : 0;
        Operation body =
            isFork ? fork(random, qubits, registers) : gate(random, qubits, gates, false);
        builder.add(new Conditional(register, value, body));
      } else {
        builder.add(gate(random, qubits, gates, false));
      }
    }
    return builder.build();
  }

  private static Operation fork(Random random, int qubits, List<ClassicalRegister> registers) {
    int qubit = random.nextInt(qubits);
    if (random.nextInt(3) == 0) {
      return new Reset(qubit);
    }
    int register = random.nextInt(registers.size());
    return new Measurement(qubit, register, random.nextInt(registers.get(register).size()));
  }

  /// A random circuit of Clifford gates, rotations by multiples of π/2 included.
  public static Circuit cliffordCircuit(long seed, int qubits, int operations) {
    Random random = new Random(seed);
    Circuit.Builder builder = Circuit.builder(qubits);
    for (int i = 0; i < operations; i++) {
      builder.add(gate(random, qubits, CLIFFORD, true));
    }
    return builder.build();
  }

  /// A Clifford circuit whose two-qubit gates act on qubits at most `reach` apart.
  public static Circuit localCliffordCircuit(long seed, int qubits, int operations, int reach) {
    Random random = new Random(seed);
    Circuit.Builder builder = Circuit.builder(qubits);
    for (int i = 0; i < operations; i++) {
      int first = random.nextInt(qubits - reach);
      GateOperation gate = gate(random, reach + 1, CLIFFORD, true);
      int[] location = gate.location().toArray();
      for (int k = 0; k < location.length; k++) {
        location[k] += first;
      }
      builder.add(new GateOperation(gate.gate(), Location.of(location), gate.parameters()));
    }
    return builder.build();
  }

  /// A wide circuit of any gates that never leave one of several windows, whose qubits lie
  /// scattered among those of the others.
  public static Circuit windowedCircuit(long seed, int windows, int windowQubits, int operations) {
    return windowedCircuit(
        seed, windows, windowQubits, operations, EnumSet.allOf(StandardGate.class));
  }

  /// As above, with gates of the given kinds only.
  public static Circuit windowedCircuit(
      long seed, int windows, int windowQubits, int operations, Collection<StandardGate> gates) {
    Random random = new Random(seed);
    List<Integer> places =
        new ArrayList<>(IntStream.range(0, windows * windowQubits).boxed().toList());
    Collections.shuffle(places, random);
    Circuit.Builder builder = Circuit.builder(windows * windowQubits);
    for (int i = 0; i < operations; i++) {
      int first = random.nextInt(windows) * windowQubits;
      int[] names =
          places.subList(first, first + windowQubits).stream()
              .mapToInt(Integer::intValue)
              .toArray();
      builder.add(gate(random, windowQubits, gates, false).mapQubits(names));
    }
    return builder.build();
  }

  private static GateOperation gate(
      Random random, int qubits, Collection<StandardGate> gates, boolean rightAngles) {
    List<StandardGate> fitting =
        gates.stream().filter(gate -> gate.qubits() <= qubits).sorted().toList();
    // Wide gates are rarer than the rest: they are most of the work of every oracle.
    StandardGate gate = fitting.get(random.nextInt(fitting.size()));
    if (gate.qubits() > 2 && random.nextInt(3) > 0) {
      gate = fitting.get(random.nextInt(fitting.size()));
    }
    double[] parameters = new double[gate.parameterCount()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = rightAngles ? (random.nextInt(9) - 4) * Math.PI / 2 : angle(random);
    }
    return new GateOperation(
        gate, Location.of(qubits(random, qubits, gate.qubits())), Parameters.of(parameters));
  }

  /// Half of the time an angle where something degenerates, otherwise any from -2π to 2π.
  public static double angle(Random random) {
    return random.nextBoolean()
        ? SPECIAL_ANGLES[random.nextInt(SPECIAL_ANGLES.length)]
        : (random.nextDouble() * 4 - 2) * Math.PI;
  }

  private static int[] qubits(Random random, int qubits, int count) {
    List<Integer> all = new ArrayList<>(IntStream.range(0, qubits).boxed().toList());
    Collections.shuffle(all, random);
    return all.stream().limit(count).mapToInt(Integer::intValue).toArray();
  }

  /// A random coupling graph with a connected part of at least `logicalQubits`: all, line, ring,
  /// grid, any connected graph, or one with another part beside; often with idle qubits.
  public static CouplingGraph couplingGraph(long seed, int logicalQubits) {
    Random random = new Random(seed);
    int qubits = logicalQubits + random.nextInt(3);
    return switch (random.nextInt(6)) {
      case 0 -> CouplingGraph.all(qubits);
      case 1 -> CouplingGraph.line(qubits);
      case 2 -> CouplingGraph.ring(qubits);
      case 3 -> {
        int columns = 1 + random.nextInt(3);
        yield CouplingGraph.grid((logicalQubits + columns - 1) / columns, columns);
      }
      case 4 -> CouplingGraph.of(qubits, connectedEdges(random, qubits));
      default -> {
        List<Edge> edges = new ArrayList<>(connectedEdges(random, qubits));
        edges.add(new Edge(qubits, qubits + 1));
        yield CouplingGraph.of(qubits + 2, edges);
      }
    };
  }

  private static List<Edge> connectedEdges(Random random, int qubits) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, qubits).boxed().toList());
    Collections.shuffle(order, random);
    List<Edge> edges = new ArrayList<>();
    for (int i = 1; i < qubits; i++) {
      edges.add(edge(order.get(i), order.get(random.nextInt(i))));
    }
    for (int extra = random.nextInt(3); extra > 0 && qubits > 1; extra--) {
      int[] pair = qubits(random, qubits, 2);
      edges.add(edge(pair[0], pair[1]));
    }
    return edges;
  }

  private static Edge edge(int a, int b) {
    return new Edge(Math.min(a, b), Math.max(a, b));
  }

  /// A random gate set in which every circuit can be expressed exactly.
  public static GateSet gateSet(long seed) {
    Random random = new Random(seed);
    List<GateSet> all = gateSets();
    return all.get(random.nextInt(all.size()));
  }

  /// Every pairing of a way to turn one qubit with a way to entangle two.
  public static List<GateSet> gateSets() {
    List<GateSet> sets = new ArrayList<>();
    for (Set<StandardGate> entanglers : ENTANGLER_SETS) {
      for (Set<StandardGate> oneQubit : ONE_QUBIT_SETS) {
        EnumSet<StandardGate> gates = EnumSet.copyOf(entanglers);
        gates.addAll(oneQubit);
        sets.add(new GateSet(gates));
      }
    }
    return sets;
  }
}
