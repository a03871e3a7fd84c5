package io.quern.runtime.simulation;

import io.quern.runtime.TransitionTable;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/// One run of a cluster in one thread: a random load with random faults, then without them until
/// everything is done.
final class Simulation {
  static final int FEWEST_COMPILATIONS = 3;
  static final int FEWEST_TASKS = 200;

  /// What is drawn beforehand, as some of it will be refused or cancelled.
  private static final int TASKS_PLANNED = 240;

  private static final int MAX_STEPS = 200_000;
  private static final Duration BUSY_TIME = Duration.ofMillis(300);
  private static final Instant FAULTS_END = Scheduler.START.plus(BUSY_TIME).plusSeconds(1);

  /// What a run had.
  ///
  /// @param compilations that were begun
  /// @param tasks runs of runtime tasks that were begun
  /// @param faults how often what went wrong
  /// @param taken rows of transition tables
  record Report(
      Shape shape,
      int compilations,
      int tasks,
      int steps,
      Map<FaultKind, Integer> faults,
      Set<TransitionTable.Row<?, ?>> taken) {}

  private final Scheduler scheduler;
  private final Faults faults;
  private final SimulatedStore store;
  private final SimulatedLinks links;
  private final Clients clients;
  private final Runs runs;
  private final Shape shape;
  private final SimulatedCluster cluster;

  private Simulation(Scheduler scheduler) {
    this.scheduler = scheduler;
    faults = Faults.mixed(scheduler);
    shape = Shape.random(scheduler);
    store = new SimulatedStore(scheduler, faults.store());
    links = new SimulatedLinks(scheduler, faults.links());
    clients = new Clients(scheduler, store, faults.processes().deadly());
    runs = new Runs(scheduler);
    cluster = new SimulatedCluster(scheduler, store, clients, links, runs, shape);
  }

  /// Plays a seed.
  ///
  /// @throws AssertionError with the command that plays it again, if a promise is broken
  static Report play(long seed) {
    Scheduler scheduler = new Scheduler(seed);
    try {
      return new Simulation(scheduler).play();
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

  private Report play() {
    planLoad();
    planFaults();
    int steps = 0;
    boolean hasFaults = true;
    do {
      while (scheduler.step()) {
        if (hasFaults && !scheduler.now().isBefore(FAULTS_END)) {
          hasFaults = false;
          store.setFaults(faults.none().store());
          links.setFaults(faults.none().links());
          scheduler.trace("faults end");
        }
        if (++steps > MAX_STEPS) {
          throw new AssertionError("still busy after " + MAX_STEPS + " steps");
        }
      }
      check();
    } while (isMoreToDo());
    return new Report(
        shape, runs.numCompilations(), runs.numTasks(), steps, scheduler.faults(), cluster.taken());
  }

  private void planLoad() {
    for (int planned = 0; planned < TASKS_PLANNED; ) {
      Clients.Draft draft = clients.draft();
      planned += draft.size();
      plan(1, () -> clients.submit(cluster, draft));
    }
    plan(scheduler.between(0, 10), () -> clients.cancel(cluster));
    plan(scheduler.between(0, 5), () -> clients.request(cluster));
  }

  private void planFaults() {
    Faults.OfProcesses ofProcesses = faults.processes();
    plan(times(ofProcesses.crashes()), cluster::crash);
    plan(times(ofProcesses.drains()), cluster::drain);
    plan(times(ofProcesses.serverPauses()), cluster::pause);
    plan(times(ofProcesses.managersLost()), cluster::loseManager);
    plan(times(ofProcesses.managersDrained()), cluster::drainManager);
    plan(times(ofProcesses.managersTakenForDead()), cluster::silenceManager);
    plan(times(ofProcesses.managersPaused()), cluster::pauseManager);
    plan(times(ofProcesses.nodesLost()), cluster::loseNode);
    plan(times(faults.links().cuts()), cluster::cutLink);
    plan(times(faults.links().cuts()), cluster::cutNode);
    plan(times(faults.store().crashes()), store::databaseCrashes);
    plan(times(faults.store().removals()), clients::removeForeign);
  }

  private void plan(int times, Runnable action) {
    for (int i = 0; i < times; i++) {
      scheduler.after(Duration.ofNanos(scheduler.below((int) BUSY_TIME.toNanos())), action);
    }
  }

  private int times(double mean) {
    return mean == 0 ? 0 : scheduler.between(0, (int) (2 * mean));
  }

  /// Nothing happens any more: so everything must be over.
  private void check() {
    if (!clients.areSatisfied()) {
      throw new AssertionError(
          "nothing happens any more, and these are open: "
              + clients.openQuestions()
              + store.rows().stream().filter(row -> !row.state().isTerminal()).toList()
              + cluster.core().statistics());
    }
    clients.checkEnds();
    store.checkTold();
    cluster.checkIdle();
  }

  /// Of what was planned too little may have been begun.
  private boolean isMoreToDo() {
    boolean isMore = runs.numTasks() < FEWEST_TASKS || runs.numCompilations() < FEWEST_COMPILATIONS;
    if (isMore) {
      clients.submit(cluster, clients.draft());
    }
    return isMore;
  }
}
