package io.quern.runtime.simulation;

/// How often what goes wrong.
record Faults(OfStore store, OfLinks links, OfProcesses processes) {

  /// Chances, unless the name says otherwise.
  ///
  /// @param fails a commit writes nothing and says so
  /// @param outcomeUnknown a commit is written and reported as failed
  /// @param recordFails one record of a commit fails
  /// @param full an offering is refused
  /// @param readFails a read fails
  /// @param slowMicros mean time of a commit
  /// @param crashes of the database alone, in one run on average
  /// @param removals of tasks behind the server's back, in one run on average
  record OfStore(
      double fails,
      double outcomeUnknown,
      double recordFails,
      double full,
      double readFails,
      int slowMicros,
      double crashes,
      double removals) {
    static final int QUICK_MICROS = 800;

    private static final OfStore NONE = new OfStore(0, 0, 0, 0, 0, QUICK_MICROS, 0, 0);
  }

  /// @param cuts links that break and are made anew, in one run on average; as many between
  ///   managers and their nodes as between the server and managers
  /// @param repeats chance of a message to arrive twice
  /// @param holdUps chance of a message to be held up, and what follows it
  /// @param meanMicros mean time a message takes
  /// @param areEncoded whether every message becomes bytes and is read again
  record OfLinks(double cuts, double repeats, double holdUps, int meanMicros, boolean areEncoded) {
    static final int QUICK_MICROS = 50;
  }

  /// In one run on average.
  ///
  /// @param crashes of the server, with or without its managers
  /// @param drains orderly restarts of the server
  /// @param serverPauses the server stands still
  /// @param managersLost killed and started anew
  /// @param managersDrained asked to leave
  /// @param managersTakenForDead for a while nothing is heard of them, which live on and come back
  /// @param managersPaused that stand still
  /// @param nodesLost processes of workers killed and started anew
  /// @param deadly chance of a compilation to have a task that ends whoever runs it
  record OfProcesses(
      double crashes,
      double drains,
      double serverPauses,
      double managersLost,
      double managersDrained,
      double managersTakenForDead,
      double managersPaused,
      double nodesLost,
      double deadly) {
    private static final OfProcesses NONE = new OfProcesses(0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /// A seed's own mixture: every fault is absent in many of the runs, so that each is also seen
  /// without the others.
  static Faults mixed(Scheduler scheduler) {
    return new Faults(
        new OfStore(
            scheduler.chance(0.5) ? 0.1 : 0,
            scheduler.chance(0.5) ? 0.1 : 0,
            scheduler.chance(0.5) ? 0.1 : 0,
            scheduler.chance(0.5) ? 0.1 : 0,
            scheduler.chance(0.5) ? 0.2 : 0,
            scheduler.chance(0.5) ? 20_000 : OfStore.QUICK_MICROS,
            scheduler.chance(0.3) ? 1 : 0,
            scheduler.chance(0.3) ? 1 : 0),
        new OfLinks(
            scheduler.chance(0.5) ? 3 : 0,
            scheduler.chance(0.3) ? 0.05 : 0,
            scheduler.chance(0.3) ? 0.001 : 0,
            scheduler.chance(0.5) ? 2_000 : OfLinks.QUICK_MICROS,
            scheduler.chance(0.3)),
        new OfProcesses(
            scheduler.chance(0.5) ? 2 : 0,
            scheduler.chance(0.3) ? 1 : 0,
            scheduler.chance(0.3) ? 1 : 0,
            scheduler.chance(0.5) ? 2 : 0,
            scheduler.chance(0.3) ? 1 : 0,
            scheduler.chance(0.5) ? 2 : 0,
            scheduler.chance(0.5) ? 2 : 0,
            scheduler.chance(0.5) ? 2 : 0,
            scheduler.chance(0.3) ? 0.05 : 0));
  }

  /// Nothing goes wrong any more; what is slow stays so.
  Faults none() {
    return new Faults(
        OfStore.NONE,
        new OfLinks(0, 0, 0, OfLinks.QUICK_MICROS, links.areEncoded()),
        OfProcesses.NONE);
  }
}
