package io.quern.runtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.runtime.DetachedServer;
import io.quern.runtime.ServerSettings;
import io.quern.runtime.TransitionTable;
import io.quern.worker.Worker;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The whole cluster in one thread with faults: server, managers and workers are the real cores,
/// links, store, time and threads are simulated. Checks hold after every step; then the faults stop
/// and everything must finish.
///
/// `-Dquern.simulation.seeds=N` plays more seeds, `-Dquern.simulation.seed=N` one.
class ClusterSimulationTest {
  private static final int SEEDS = Integer.getInteger("quern.simulation.seeds", 1_000);

  /// A seed is one thread's work, and seeds have nothing in common.
  private static final int THREADS = Math.min(2, Runtime.getRuntime().availableProcessors());

  @Test
  void everySeedKeepsItsPromises() {
    Long single = Long.getLong("quern.simulation.seed");
    if (single != null) {
      Simulation.play(single);
      return;
    }
    Seeds seeds = Seeds.play(1, SEEDS, THREADS, 1);
    seeds.failures().values().forEach(failure -> assertThat(failure).isNull());
    System.out.println(seeds.summary());

    assertThat(seeds.fewestManagers()).as("managers").isGreaterThanOrEqualTo(2);
    assertThat(seeds.fewestWorkers()).as("workers").isGreaterThanOrEqualTo(4);
    assertThat(seeds.fewestCompilations()).as("compilations begun").isGreaterThanOrEqualTo(3);
    assertThat(seeds.fewestTasks()).as("runtime tasks begun").isGreaterThanOrEqualTo(200);
    assertThat(seeds.meanFaults()).as("faults of processes and links").isGreaterThanOrEqualTo(5);
    assertThat(seeds.faults()).as("kinds of faults").containsOnly(FaultKind.values());

    Set<TransitionTable.Row<?, ?>> taken = new HashSet<>(new RareRoutes().taken());
    taken.addAll(seeds.taken());
    DetachedServer server = new DetachedServer(1, ServerSettings.DEFAULT);
    assertThat(taken)
        .as("transitions of compilation tasks that were taken")
        .containsAll(server.taskTable().rows());
    assertThat(taken)
        .as("transitions of employees that were taken")
        .containsAll(server.employeeTable().rows());
    assertThat(taken)
        .as("transitions of runtime tasks that were taken")
        .containsAll(new Worker().taskTable().rows());
  }
}
