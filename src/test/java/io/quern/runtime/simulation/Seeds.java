package io.quern.runtime.simulation;

import io.quern.runtime.TransitionTable;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Many seeds, played side by side on some threads, and what they had in all.
final class Seeds {
  private final Map<FaultKind, Long> faults = new EnumMap<>(FaultKind.class);
  private final Set<TransitionTable.Row<?, ?>> taken = new HashSet<>();
  private final SortedMap<Long, String> failures = new TreeMap<>();
  private int played;
  private int fewestManagers = Integer.MAX_VALUE;
  private int fewestWorkers = Integer.MAX_VALUE;
  private int fewestCompilations = Integer.MAX_VALUE;
  private int fewestTasks = Integer.MAX_VALUE;
  private long compilations;
  private long tasks;
  private long steps;

  private Seeds() {}

  /// @param first the first seed
  /// @param count how many
  /// @param threads how many are played at a time
  /// @param maxFailures after so many the rest is left out
  static Seeds play(long first, int count, int threads, int maxFailures) {
    Seeds seeds = new Seeds();
    AtomicLong next = new AtomicLong(first);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> workers =
          IntStream.range(0, threads)
              .<Future<?>>mapToObj(
                  _ ->
                      pool.submit(
                          () -> {
                            for (long seed = next.getAndIncrement();
                                seed < first + count && seeds.numFailures() < maxFailures;
                                seed = next.getAndIncrement()) {
                              seeds.play(seed);
                            }
                          }))
              .toList();
      for (Future<?> each : workers) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("the simulation itself is at fault", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while seeds were played", e);
    }
    return seeds;
  }

  private void play(long seed) {
    try {
      add(Simulation.play(seed));
    } catch (AssertionError e) {
      String text = String.valueOf(e.getMessage());
      synchronized (this) {
        failures.put(seed, text);
      }
      System.out.println(text.lines().findFirst().orElse(""));
    }
  }

  private synchronized void add(Simulation.Report report) {
    played++;
    fewestManagers = Math.min(fewestManagers, report.shape().managers());
    fewestWorkers = Math.min(fewestWorkers, report.shape().workers());
    fewestCompilations = Math.min(fewestCompilations, report.compilations());
    fewestTasks = Math.min(fewestTasks, report.tasks());
    compilations += report.compilations();
    tasks += report.tasks();
    steps += report.steps();
    report.faults().forEach((kind, times) -> faults.merge(kind, (long) times, Long::sum));
    taken.addAll(report.taken());
  }

  private synchronized int numFailures() {
    return failures.size();
  }

  /// What went wrong, by seed.
  synchronized SortedMap<Long, String> failures() {
    return new TreeMap<>(failures);
  }

  synchronized Set<FaultKind> faults() {
    return Set.copyOf(faults.keySet());
  }

  synchronized Set<TransitionTable.Row<?, ?>> taken() {
    return Set.copyOf(taken);
  }

  synchronized int fewestManagers() {
    return fewestManagers;
  }

  synchronized int fewestWorkers() {
    return fewestWorkers;
  }

  synchronized int fewestCompilations() {
    return fewestCompilations;
  }

  synchronized int fewestTasks() {
    return fewestTasks;
  }

  /// Processes and links that went wrong in a seed, on average; what happened to single messages
  /// and to the store is not counted.
  synchronized double meanFaults() {
    return sum(kind -> !kind.isOfStore() && !kind.isOfMessage()) / (double) played;
  }

  private long sum(Predicate<FaultKind> kinds) {
    return faults.entrySet().stream()
        .filter(each -> kinds.test(each.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /// The numbers as text.
  synchronized String summary() {
    if (played == 0) {
      return "no seed was played to its end";
    }
    return """
    %d seeds kept their promises, %d did not
    a seed has %.1f compilations (at least %d), %.0f runtime tasks (at least %d), %.0f steps
    and %.1f faults of processes and links, %.1f of messages, %.1f of the store
    %s\
    """
        .formatted(
            played,
            failures.size(),
            compilations / (double) played,
            fewestCompilations,
            tasks / (double) played,
            fewestTasks,
            steps / (double) played,
            meanFaults(),
            sum(FaultKind::isOfMessage) / (double) played,
            sum(FaultKind::isOfStore) / (double) played,
            faults);
  }
}
