package io.quern.runtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.runtime.DetachedServer;
import io.quern.runtime.TransitionTable;
import io.quern.worker.Worker;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The whole cluster in one thread with faults: server, managers, workers, links and store are the
/// real cores, time and threads are simulated. Checks hold after every step; then the faults stop
/// and everything must finish.
///
/// `-Dquern.simulation.seeds=N` plays more seeds, `-Dquern.simulation.seed=N` one.
class ClusterSimulationTest {
  private static final int SEEDS = Integer.getInteger("quern.simulation.seeds", 1_000);
  private static final int MAX_STEPS = 2_000_000;

  @Test
  void everySeedKeepsItsPromises() {
    Long single = Long.getLong("quern.simulation.seed");
    if (single != null) {
      play(single);
      return;
    }
    Set<TransitionTable.Row<?, ?>> taken = new HashSet<>(new RareRoutes().taken());
    Set<FaultKind> faults = EnumSet.noneOf(FaultKind.class);
    LongStream.rangeClosed(1, SEEDS).forEach(seed -> taken.addAll(play(seed, faults)));
    assertThat(faults).as("kinds of faults that happened").containsOnly(FaultKind.values());
    DetachedServer server = new DetachedServer(1, DetachedServer.Settings.DEFAULT);
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

  static Set<TransitionTable.Row<?, ?>> play(long seed) {
    return play(seed, EnumSet.noneOf(FaultKind.class));
  }

  /// @param faults what has gone wrong is added
  private static Set<TransitionTable.Row<?, ?>> play(long seed, Set<FaultKind> faults) {
    Scheduler scheduler = new Scheduler(seed);
    try {
      Set<TransitionTable.Row<?, ?>> taken = play(scheduler);
      faults.addAll(scheduler.faults());
      return taken;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          """
          seed %d failed: %s
          replay: ./mvnw -o test -Dtest=ClusterSimulationTest -Dquern.simulation.seed=%d
          the last steps:
          %s
          """
              .formatted(seed, e, seed, scheduler.traceText()),
          e);
    }
  }

  private static Set<TransitionTable.Row<?, ?>> play(Scheduler scheduler) {
    Faults faults = Faults.mixed(scheduler);
    SimulatedStore store = new SimulatedStore(scheduler, faults);
    Clients clients = new Clients(scheduler, store);
    SimulatedCluster cluster =
        new SimulatedCluster(scheduler, store, clients, faults, scheduler.between(1, 4));

    plan(scheduler, scheduler.between(5, 20), () -> clients.submit(cluster));
    plan(scheduler, scheduler.between(0, 10), () -> clients.cancel(cluster));
    plan(scheduler, scheduler.between(0, 5), () -> clients.request(cluster));
    plan(scheduler, times(scheduler, faults.crashes()), cluster::crash);
    plan(scheduler, times(scheduler, faults.managersLost()), cluster::loseManager);
    plan(scheduler, times(scheduler, faults.nodesLost()), cluster::loseNode);
    plan(scheduler, times(scheduler, faults.managersDrained()), cluster::drainManager);
    plan(scheduler, times(scheduler, faults.linksCut()), cluster::cutLink);
    plan(scheduler, times(scheduler, faults.linksCut()), cluster::cutNode);
    plan(scheduler, times(scheduler, faults.freezes()), cluster::freezeManager);
    plan(scheduler, times(scheduler, faults.drains()), cluster::drain);
    plan(scheduler, times(scheduler, faults.foreignEnds()), clients::removeForeign);

    int steps = 0;
    boolean hasFaults = true;
    while (scheduler.step()) {
      if (hasFaults && !scheduler.now().isBefore(FAULTS_END)) {
        hasFaults = false;
        store.setFaults(Faults.NONE);
        scheduler.trace("faults end");
      }
      if (++steps > MAX_STEPS) {
        throw new AssertionError("still busy after " + MAX_STEPS + " steps");
      }
    }
    if (!clients.areSatisfied()) {
      throw new AssertionError(
          "nothing happens any more, and these are open: "
              + clients.openQuestions()
              + store.rows()
              + cluster.core().statistics());
    }
    clients.checkEnds();
    cluster.checkIdle();
    return cluster.taken();
  }

  private static final Duration BUSY_TIME = Duration.ofMillis(300);
  private static final java.time.Instant FAULTS_END =
      new Scheduler(0).now().plus(BUSY_TIME).plusSeconds(1);

  private static void plan(Scheduler scheduler, int times, Runnable action) {
    for (int i = 0; i < times; i++) {
      scheduler.after(Duration.ofNanos(scheduler.below((int) BUSY_TIME.toNanos())), action);
    }
  }

  private static int times(Scheduler scheduler, double mean) {
    return mean == 0 ? 0 : scheduler.between(0, (int) (2 * mean));
  }
}
