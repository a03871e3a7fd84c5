package io.quern.engine.window;

import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockElement;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.partition.PairPartition;
import io.quern.engine.partition.Window;
import io.quern.engine.partition.WindowFinder;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.processing.CliffordSynthesis;
import io.quern.engine.synthesis.Entangler;
import io.quern.engine.synthesis.WeylDecomposer;
import io.quern.engine.synthesis.WeylDecomposition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts shorter circuits in the place of windows until none is found any more; not thread-safe.
///
/// What was tried is remembered within a compilation, so that a circuit that changed in one place
/// is tried anew there only.
final class WindowOptimizer {
  private static final SynthesizeWindows SYNTHESIZE = new SynthesizeWindows();

  /// Windows to a runtime task without and with a beam: some milliseconds of work.
  private static final int QUICK_BATCH = 8;

  private static final int BEAM_BATCH = 2;

  /// How many nodes after its first one a window may reach.
  private static final int REACH = 120;

  /// Windows rarely take more than one part in so many of the evaluations they may.
  private static final long USUAL_PART = 8;

  /// Two gates on different pairs cannot be one.
  private static final int LEAST_COST = 2;

  private final CouplingGraph coupling;
  private final Entangler entangler;
  private final long seed;
  private final RuntimeHandle runtime;
  private final WindowMemo memo;
  private boolean isInline;

  /// A window with what was asked about it.
  private record Asked(Window window, int cost, CanonicalWindow canonical) {}

  /// What was tried is shared with all other windows of the compilation.
  WindowOptimizer(PassData data, CouplingGraph coupling, RuntimeHandle runtime) {
    this(
        coupling,
        data.entangler(),
        data.seed(),
        data.shared(WindowMemo.class, WindowMemo::new),
        runtime);
  }

  WindowOptimizer(
      CouplingGraph coupling,
      Entangler entangler,
      long seed,
      WindowMemo memo,
      RuntimeHandle runtime) {
    this.coupling = coupling;
    this.entangler = entangler;
    this.seed = seed;
    this.memo = memo;
    this.runtime = runtime;
  }

  /// As [#optimize], without runtime tasks.
  BlockCircuit optimizeHere(BlockCircuit circuit, int width, SearchEffort effort, long evaluations)
      throws InterruptedException {
    isInline = true;
    return optimize(circuit, width, effort, evaluations);
  }

  /// @param evaluations to spend at most; looked at between rounds
  BlockCircuit optimize(BlockCircuit circuit, int width, SearchEffort effort, long evaluations)
      throws InterruptedException {
    BlockCircuit best = circuit;
    long end = memo.evaluations() + evaluations;
    while (!runtime.isTimeUp()) {
      runtime.checkCancelled();
      BlockCircuit next = applied(best, width, effort);
      if (next.cost(entangler) >= best.cost(entangler)) {
        long left = end - memo.evaluations();
        if (left <= 0 || !ask(best, width, effort, left)) {
          return best;
        }
      } else {
        best = merged(next);
      }
    }
    return best;
  }

  /// Only windows that consist of Clifford gates, for which nothing has to be searched.
  BlockCircuit optimizeClifford(BlockCircuit circuit) {
    BlockCircuit best = circuit;
    while (!runtime.isTimeUp()) {
      runtime.checkCancelled();
      BlockCircuit next = applied(best, CliffordSynthesis.MOST_QUBITS, null);
      if (next.cost(entangler) >= best.cost(entangler)) {
        break;
      }
      best = merged(next);
    }
    return best;
  }

  /// A circuit of few qubits without fences, carried out anew as a whole if that is shorter.
  BlockCircuit whole(BlockCircuit circuit, SearchEffort effort) throws InterruptedException {
    WindowFinder finder = WindowFinder.of(circuit, Integer.MAX_VALUE);
    Window window = finder.whole();
    int cost = window.cost(entangler);
    if (cost < LEAST_COST || window.isClifford() || runtime.isTimeUp()) {
      return circuit;
    }
    Asked asked = new Asked(window, cost, CanonicalWindow.of(window, coupling, seed));
    answer(List.of(asked.canonical()), effort);
    Instantiation found = memo.find(asked.canonical(), effort);
    return found == null || cost(found) >= cost ? circuit : replaced(finder, circuit, asked, found);
  }

  private BlockCircuit replaced(
      WindowFinder finder, BlockCircuit circuit, Asked asked, Instantiation answer) {
    return replaced(finder, circuit, asked.window(), elements(answer, asked.canonical().order()));
  }

  private BlockCircuit replaced(
      WindowFinder finder, BlockCircuit circuit, Window window, List<BlockElement> elements) {
    BlockCircuit next =
        finder.replaced(
            window, elements, Math.sqrt(2 * window.distance(elements)), entangler, Merging.GAIN);
    return next.cost(entangler) < circuit.cost(entangler) ? next : circuit;
  }

  /// The circuit with the most profitable window replaced of those whose answer is known.
  private BlockCircuit applied(BlockCircuit circuit, int width, @Nullable SearchEffort effort) {
    WindowFinder finder = WindowFinder.of(circuit, REACH);
    Window best = null;
    List<BlockElement> answer = List.of();
    int gain = 0;
    for (Window window : finder.windows(width)) {
      int cost = window.cost(entangler);
      if (window.qubits().size() <= 2 || cost <= LEAST_COST) {
        continue;
      }
      List<BlockElement> found = answer(window, cost, effort);
      int saved = found == null ? 0 : cost - cost(found);
      if (found != null && saved > gain) {
        gain = saved;
        best = window;
        answer = found;
      }
    }
    return best == null ? circuit : replaced(finder, circuit, best, answer);
  }

  /// What is known to take a window's place; null if nothing is. Clifford windows have a table.
  ///
  /// @param effort null: nothing but that table counts
  private @Nullable List<BlockElement> answer(
      Window window, int cost, @Nullable SearchEffort effort) {
    if (window.isClifford()) {
      int perCz = entangler.cost(Math.PI / 4, 0, 0);
      return window.qubits().size() > CliffordSynthesis.MOST_QUBITS
          ? null
          : CliffordSynthesis.shorter(
              window.unitary(),
              window.qubits().size(),
              coupling.inside(window.qubits()).edges(),
              (cost + perCz - 1) / perCz);
    }
    if (effort == null) {
      return null;
    }
    CanonicalWindow canonical = CanonicalWindow.of(window, coupling, seed);
    Instantiation found = memo.find(canonical, effort);
    return found == null ? null : elements(found, canonical.order());
  }

  private int cost(List<BlockElement> elements) {
    int cost = 0;
    for (BlockElement element : elements) {
      if (element instanceof Block block) {
        cost += entangler.cost(block.x(), block.y(), block.z());
      }
    }
    return cost;
  }

  /// Has windows answered that are new, as many as the evaluations left may last for; false if
  /// there are none.
  private boolean ask(BlockCircuit circuit, int width, SearchEffort effort, long evaluations)
      throws InterruptedException {
    Map<CanonicalWindow.Key, CanonicalWindow> open = new LinkedHashMap<>();
    for (Asked asked : windows(WindowFinder.of(circuit, REACH), width)) {
      if (!memo.knows(asked.canonical(), effort)) {
        open.putIfAbsent(asked.canonical().key(), asked.canonical());
        if (open.size() * (long) effort.evaluations() >= USUAL_PART * evaluations) {
          break;
        }
      }
    }
    answer(List.copyOf(open.values()), effort);
    return !open.isEmpty();
  }

  private void answer(List<CanonicalWindow> windows, SearchEffort effort)
      throws InterruptedException {
    List<SynthesizeWindows.Batch> batches = new ArrayList<>();
    int size = effort.beamWidth() > 0 ? BEAM_BATCH : QUICK_BATCH;
    for (int from = 0; from < windows.size(); from += size) {
      int to = Math.min(windows.size(), from + size);
      batches.add(
          new SynthesizeWindows.Batch(
              windows.subList(from, to).stream().map(CanonicalWindow::problem).toList(), effort));
    }
    List<List<WindowAnswer>> answered = new ArrayList<>();
    if (isInline) {
      for (SynthesizeWindows.Batch batch : batches) {
        answered.add(SYNTHESIZE.run(batch, runtime));
      }
    } else {
      answered = runtime.map(SYNTHESIZE, batches);
    }
    int next = 0;
    for (List<WindowAnswer> answers : answered) {
      for (WindowAnswer answer : answers) {
        memo.put(windows.get(next++), effort, answer);
      }
    }
  }

  private List<Asked> windows(WindowFinder finder, int width) {
    List<Asked> found = new ArrayList<>();
    for (Window window : finder.windows(width)) {
      int cost = window.cost(entangler);
      if (window.qubits().size() > 2 && cost > LEAST_COST && !window.isClifford()) {
        found.add(new Asked(window, cost, CanonicalWindow.of(window, coupling, seed)));
      }
    }
    return found;
  }

  private int cost(Instantiation found) {
    return found.size() * entangler.cost(Math.PI / 4, 0, 0);
  }

  private static List<BlockElement> elements(Instantiation found, List<Integer> order) {
    List<BlockElement> elements = new ArrayList<>();
    found.write(
        new Instantiation.Writer() {
          @Override
          public void local(int qubit, Rotation gate) {
            elements.add(new LocalGate(order.get(qubit), gate));
          }

          @Override
          public void cz(int a, int b) {
            elements.addAll(controlledZ(order.get(a), order.get(b)));
          }
        });
    return elements;
  }

  /// CZ is `exp(i pi/4 ZZ)` and a quarter turn about Z on both qubits.
  private static List<BlockElement> controlledZ(int a, int b) {
    Rotation turn = Rotation.aboutZ(Math.PI / 2);
    return List.of(
        new Block(Math.min(a, b), Math.max(a, b), Math.PI / 4, 0, 0, Rotation.H, Rotation.H),
        new LocalGate(a, turn),
        new LocalGate(b, turn));
  }

  /// Cancels and merges what now meets.
  private BlockCircuit merged(BlockCircuit circuit) {
    BlockCircuit best = circuit;
    for (Merging merging : Merging.values()) {
      BlockCircuit next = BlockCollector.collect(circuit, entangler, merging);
      best = next.cost(entangler) < best.cost(entangler) ? next : best;
    }
    PairPartition partition = PairPartition.of(best);
    if (partition.cost(entangler) < best.cost(entangler)) {
      WeylDecomposer decomposer = new WeylDecomposer();
      List<WeylDecomposition> runs = new ArrayList<>();
      for (double[] unitary : partition.unitaries()) {
        runs.add(decomposer.measured(unitary));
      }
      best = partition.rebuild(runs, entangler);
    }
    return best;
  }
}
