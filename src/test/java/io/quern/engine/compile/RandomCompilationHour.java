package io.quern.engine.compile;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.qasm.QasmWriter;
import io.quern.testing.CompilationResultAssert;
import io.quern.testing.Generators;
import io.quern.testing.PeerPython;
import io.quern.testing.WindowedEquivalence;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Random compilations until the time is up, compared by simulation as in [RandomCompilationTest];
/// now and then wide routed circuits, which MQT QCEC compares, too. Prints every seed that fails
/// and ends with 1 if one did.
///
/// `-Dquern.test.minutes=60`, `-Dquern.test.first-seed=N`.
final class RandomCompilationHour {
  /// Narrow compilations between two rounds of wide ones.
  private static final int NARROW = 500;

  private static final int WIDE = 6;

  /// What QCEC may take for a pair. The scripts' arguments are paths, so it is one, too.
  private static final Path SECONDS = Path.of("30");

  private static final PrintStream OUT = System.out;

  private final PeerPython checker = PeerPython.provide("checker", "/peers/checker.txt");
  private final Map<String, Integer> verdicts = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();

  public static void main(String[] arguments) throws IOException {
    Duration time = Duration.ofMinutes(Long.getLong("quern.test.minutes", 60));
    long first =
        Long.getLong("quern.test.first-seed", System.currentTimeMillis() / 60_000 * 1_000_000);
    OUT.printf("random compilations for %d minutes from seed %d%n", time.toMinutes(), first);
    if (!new RandomCompilationHour().run(first, System.nanoTime() + time.toNanos())) {
      System.exit(1);
    }
  }

  private boolean run(long first, long end) throws IOException {
    long seed = first;
    while (System.nanoTime() < end) {
      wide(seed);
      for (long last = seed + NARROW; seed < last && System.nanoTime() < end; seed++) {
        try {
          RandomCompilation.of(seed).check();
        } catch (AssertionError | RuntimeException e) {
          failed(RandomCompilation.of(seed) + ": " + e);
        }
      }
      OUT.printf(
          "%d compilations, QCEC: %s, failures: %d%n", seed - first, verdicts, failures.size());
    }
    failures.forEach(OUT::println);
    return failures.isEmpty();
  }

  private void failed(String what) {
    OUT.println("FAILED " + what);
    failures.add(what);
  }

  /// Circuits as wide as their machines, for whatever else is on a machine ends anywhere.
  private void wide(long seed) throws IOException {
    Path directory = Files.createTempDirectory("quern-pairs");
    try {
      List<String> names = new ArrayList<>();
      for (int pair = 0; pair < WIDE; pair++) {
        Random random = new Random(seed + pair);
        Kind kind = Kind.values()[pair % Kind.values().length];
        int rows = kind == Kind.TANGLED ? 2 + random.nextInt(2) : 3 + random.nextInt(6);
        Circuit circuit = circuit(kind, rows, seed + pair);
        CouplingGraph coupling =
            random.nextBoolean()
                ? CouplingGraph.line(circuit.qubits())
                : CouplingGraph.grid(rows, circuit.qubits() / rows);
        int level = 1 + random.nextInt(2);
        String name = "wide seed " + (seed + pair) + ", level " + level + ", " + coupling;
        CompilationInput input =
            Compilations.at(
                level,
                Compilations.input(
                    circuit,
                    coupling,
                    kind == Kind.CLIFFORD ? Compilations.CX_U3 : Generators.gateSet(seed + pair),
                    seed));
        CompilationResult result = Compilations.compile(input);
        try {
          checkHere(kind, input, result);
        } catch (AssertionError e) {
          failed(name + ": " + e);
        }
        Files.writeString(directory.resolve("a" + pair + ".qasm"), QasmWriter.write(circuit));
        Files.writeString(
            directory.resolve("b" + pair + ".qasm"), QasmWriter.write(onLogicalQubits(result)));
        names.add(name);
      }
      compare(directory, names);
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /// What wide circuits are like.
  private enum Kind {
    /// Clifford gates on near qubits: easy however wide.
    CLIFFORD,
    /// Gates of all kinds on four rows of qubits that hardly meet.
    WINDOWED,
    /// Gates of all kinds on any of 10 to 15 qubits, so that nothing falls apart and routing has
    /// most to do; compared here by simulation of states.
    TANGLED
  }

  private static Circuit circuit(Kind kind, int rows, long seed) {
    return switch (kind) {
      case CLIFFORD -> Generators.localCliffordCircuit(seed, 4 * rows, 40 * rows, 5);
      case WINDOWED -> Generators.windowedCircuit(seed, rows, 4, 10 * rows, narrowGates());
      case TANGLED -> Generators.circuit(seed, 5 * rows, 20 * rows, narrowGates());
    };
  }

  private static void checkHere(Kind kind, CompilationInput input, CompilationResult result) {
    Circuit circuit = input.circuit();
    if (kind == Kind.CLIFFORD) {
      CompilationResultAssert.assertThat(result).isSameClifford(circuit);
      return;
    }
    if (kind == Kind.TANGLED) {
      CompilationResultAssert.assertThat(result).carriesOut(input);
      return;
    }
    double distance =
        WindowedEquivalence.distance(
            circuit, result.circuit(), result.initialMapping(), result.finalMapping());
    if (!(distance <= CompilationResultAssert.TOLERANCE)) {
      throw new AssertionError("distance " + distance);
    }
  }

  private void compare(Path directory, List<String> names) throws IOException {
    String output = checker.run("/peers/check_pairs.py", List.of(directory, SECONDS), directory);
    for (String line : output.lines().toList()) {
      String[] words = line.split(" ");
      verdicts.merge(words[1], 1, Integer::sum);
      if (words[1].equals("not_equivalent")) {
        failed(names.get(Integer.parseInt(words[0])) + ": not equivalent, says QCEC");
      }
    }
    if (output.lines().count() != names.size()) {
      failed("QCEC has compared " + output.lines().count() + " of " + names.size() + " pairs");
    }
  }

  /// Gates that QCEC reads by their OpenQASM definitions.
  private static List<StandardGate> narrowGates() {
    return Stream.of(StandardGate.values()).filter(gate -> gate.qubits() <= 3).toList();
  }

  /// The result with qubit i where logical qubit i starts, and SWAPs that bring it back at the end.
  private static Circuit onLogicalQubits(CompilationResult result) {
    int n = result.circuit().qubits();
    int[] logicalAt = new int[n];
    for (int i = 0; i < n; i++) {
      logicalAt[result.initialMapping().get(i)] = i;
    }
    Circuit renamed = result.circuit().mapQubits(n, logicalAt);
    Circuit.Builder builder = Circuit.builder(n);
    renamed.operations().forEach(builder::add);
    // Wire w holds logical qubit held[w] at the end.
    int[] held = new int[n];
    for (int i = 0; i < n; i++) {
      held[logicalAt[result.finalMapping().get(i)]] = i;
    }
    for (int wire = 0; wire < n; wire++) {
      while (held[wire] != wire) {
        int other = held[wire];
        builder.gate(StandardGate.SWAP, wire, other);
        held[wire] = held[other];
        held[other] = other;
      }
    }
    return builder.build();
  }
}
