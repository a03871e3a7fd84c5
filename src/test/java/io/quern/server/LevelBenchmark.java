package io.quern.server;

import com.sun.management.OperatingSystemMXBean;
import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.compile.Compilation;
import io.quern.engine.compile.CompilationInput;
import io.quern.engine.compile.CompilationOptions;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.compile.Verification;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.qasm.QasmReader;
import io.quern.engine.qasm.QasmWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// Compiles circuits at one level on the real runtime, one row a circuit on standard output, and
/// writes the wide circuits that are measured.
///
///     java LevelBenchmark compile LEVEL all|line|FILE WARM-UP-RUNS RUNS circuits/*.qasm
///     java LevelBenchmark generate DIRECTORY GATES...
///
/// Columns: circuit, qubits, topology, peer, CX in, CX out, operations, depth, seconds (the median;
/// reading and writing not included), processor seconds of all threads. Gate set CX + U3, seed 7, a
/// worker for each core. A FILE holds the couplings, `a b` a line.
/// `generate` writes `couplings.txt`, the heavy hexagons of 133 qubits with 150 couplings, and for
/// each number of gates a circuit of near neighbours and one of random pairs.
public final class LevelBenchmark {
  private static final long SEED = 7;
  private static final int WIDE = 133;
  private static final int ROWS = 7;
  private static final int ROW = 15;

  /// Qubits from one row of the heavy hexagons to the next: those of the row and four between.
  private static final int ROW_STEP = 19;

  private static final int FARTHEST_NEIGHBOUR = 3;

  private static final RuntimeFunction<CompilationInput, CompilationResult> COMPILE =
      new RuntimeFunction<>() {
        @Override
        public String name() {
          return "compile";
        }

        @Override
        public int version() {
          return 1;
        }

        @Override
        public CompilationResult run(CompilationInput input, RuntimeHandle runtime)
            throws InterruptedException {
          return Compilation.run(input, runtime);
        }
      };

  private LevelBenchmark() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments[0].equals("generate")) {
      Path directory = Path.of(arguments[1]);
      Files.createDirectories(directory);
      Files.write(
          directory.resolve("couplings.txt"),
          heavyHexagons().stream().map(edge -> edge.a() + " " + edge.b()).toList());
      for (String gates : Arrays.asList(arguments).subList(2, arguments.length)) {
        for (boolean isNear : new boolean[] {true, false}) {
          Files.writeString(
              directory.resolve((isNear ? "near_" : "random_") + gates + ".qasm"),
              QasmWriter.write(wide(isNear, Integer.parseInt(gates))));
        }
      }
      return;
    }
    int level = Integer.parseInt(arguments[1]);
    try (AttachedServer server = new AttachedServer(0)) {
      for (String file : Arrays.asList(arguments).subList(5, arguments.length)) {
        measure(
            server,
            level,
            arguments[2],
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]),
            Path.of(file));
      }
    }
  }

  private static void measure(
      AttachedServer server, int level, String topology, int warmUpRuns, int runs, Path file)
      throws IOException, InterruptedException {
    Circuit circuit = QasmReader.read(Files.readString(file));
    CompilationInput input =
        new CompilationInput(
            circuit,
            new MachineModel(
                coupling(topology, circuit.qubits()),
                new GateSet(EnumSet.of(StandardGate.CX, StandardGate.U3))),
            new CompilationOptions(level, SEED, false, Verification.AUTO));
    for (int run = 0; run < warmUpRuns; run++) {
      compile(server, input);
    }
    long[] nanos = new long[runs];
    long processor = processorNanos();
    CompilationResult result = null;
    for (int run = 0; run < runs; run++) {
      long start = System.nanoTime();
      result = compile(server, input);
      nanos[run] = System.nanoTime() - start;
    }
    if (result == null) {
      throw new IllegalArgumentException("at least one run expected");
    }
    double processorSeconds = (processorNanos() - processor) / 1e9 / runs;
    Arrays.sort(nanos);
    String name = String.valueOf(file.getFileName());
    System.out.printf(
        Locale.ROOT,
        "%s,%d,%s,quern-L%d,%d,%d,%d,%d,%.4f,%.4f%n",
        name.substring(0, name.lastIndexOf('.')),
        circuit.qubits(),
        topology.contains(".") ? "heavy" : topology,
        level,
        result.before().twoQubitGates(),
        result.after().twoQubitGates(),
        result.after().operations(),
        result.after().depth(),
        nanos[runs / 2] / 1e9,
        processorSeconds);
  }

  /// Of all threads of this process.
  private static long processorNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static CompilationResult compile(AttachedServer server, CompilationInput input)
      throws InterruptedException {
    return server.run(COMPILE, input, null, LogLevel.WARNING, _ -> {});
  }

  private static CouplingGraph coupling(String topology, int qubits) throws IOException {
    return switch (topology) {
      case "all" -> CouplingGraph.all(qubits);
      case "line" -> CouplingGraph.line(qubits);
      default -> {
        List<Edge> edges = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(topology))) {
          String[] ends = line.split(" ", -1);
          edges.add(new Edge(Integer.parseInt(ends[0]), Integer.parseInt(ends[1])));
        }
        yield CouplingGraph.of(WIDE, edges);
      }
    };
  }

  /// Seven rows of 15; four qubits join each to the next, and four hang below the last.
  private static List<Edge> heavyHexagons() {
    List<Edge> edges = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      int first = ROW_STEP * row;
      for (int k = 0; k + 1 < ROW; k++) {
        edges.add(new Edge(first + k, first + k + 1));
      }
      for (int k = 0; k < 4; k++) {
        int column = 4 * k + (row % 2 == 0 ? 0 : 2);
        int between = first + ROW + k;
        edges.add(new Edge(first + column, between));
        if (row + 1 < ROWS) {
          edges.add(new Edge(between, first + ROW_STEP + column));
        }
      }
    }
    return edges;
  }

  /// Half of the gates are CX (two of three) or controlled phases, on qubits at most three apart or
  /// on any two; the others H, T and turns about Z and X.
  private static Circuit wide(boolean isNear, int gates) {
    SplittableRandom random = new SplittableRandom(gates + (isNear ? 1 : 0));
    Circuit.Builder builder = Circuit.builder(WIDE);
    for (int k = 0; k < gates; k++) {
      int a = random.nextInt(WIDE);
      double angle = 2 * Math.PI * random.nextDouble();
      int kind = random.nextInt(12);
      if (kind < 6) {
        int b = a;
        while (b == a || b < 0 || b >= WIDE) {
          b =
              isNear
                  ? a + random.nextInt(-FARTHEST_NEIGHBOUR, FARTHEST_NEIGHBOUR + 1)
                  : random.nextInt(WIDE);
        }
        if (kind < 4) {
          builder.gate(StandardGate.CX, a, b);
        } else {
          builder.gate(StandardGate.CP, Parameters.of(angle), a, b);
        }
      } else if (kind < 8) {
        builder.gate(StandardGate.H, a);
      } else if (kind == 8) {
        builder.gate(StandardGate.T, a);
      } else {
        builder.gate(kind == 9 ? StandardGate.RX : StandardGate.RZ, Parameters.of(angle), a);
      }
    }
    return builder.build();
  }
}
