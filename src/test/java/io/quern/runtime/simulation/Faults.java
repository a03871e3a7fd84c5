package io.quern.runtime.simulation;

/// How often what goes wrong, as chances unless the name says otherwise.
///
/// @param storeFails a commit writes nothing and says so
/// @param storeOutcomeUnknown a commit is written and reported as failed
/// @param storeRecordFails one record of a commit fails
/// @param storeFull an offering is refused
/// @param storeReadFails a read fails
/// @param storeSlowMicros mean time of a commit
/// @param crashes of the whole process, in one run on average
/// @param managersLost in one run on average
/// @param drains orderly restarts, in one run on average
/// @param foreignEnds tasks removed from the store behind the server's back, in one run on average
/// @param linkMicros mean time a message takes
/// @param managers how many there are
/// @param nodes processes of workers under each manager, beside its own workers
/// @param nodesLost in one run on average
/// @param managersDrained in one run on average
/// @param linksCut links that break and are made anew, in one run on average
/// @param freezes managers taken for dead that live on and come back, in one run on average
/// @param areEncoded whether every message becomes bytes and is read again
record Faults(
    double storeFails,
    double storeOutcomeUnknown,
    double storeRecordFails,
    double storeFull,
    double storeReadFails,
    int storeSlowMicros,
    double crashes,
    double managersLost,
    double drains,
    double foreignEnds,
    int linkMicros,
    int managers,
    int nodes,
    double nodesLost,
    double managersDrained,
    double linksCut,
    double freezes,
    boolean areEncoded) {

  static final Faults NONE =
      new Faults(0, 0, 0, 0, 0, 800, 0, 0, 0, 0, 50, 1, 0, 0, 0, 0, 0, false);

  /// A seed's own mixture: every fault is absent in half of the runs, so that each is also seen
  /// without the others.
  static Faults mixed(Scheduler scheduler) {
    return new Faults(
        scheduler.chance(0.5) ? 0.1 : 0,
        scheduler.chance(0.5) ? 0.1 : 0,
        scheduler.chance(0.5) ? 0.1 : 0,
        scheduler.chance(0.5) ? 0.1 : 0,
        scheduler.chance(0.5) ? 0.2 : 0,
        scheduler.chance(0.5) ? 20_000 : 800,
        scheduler.chance(0.5) ? 2 : 0,
        scheduler.chance(0.5) ? 2 : 0,
        scheduler.chance(0.3) ? 1 : 0,
        scheduler.chance(0.3) ? 1 : 0,
        scheduler.chance(0.5) ? 2_000 : 50,
        scheduler.between(1, 3),
        scheduler.chance(0.5) ? scheduler.between(1, 2) : 0,
        scheduler.chance(0.5) ? 2 : 0,
        scheduler.chance(0.3) ? 1 : 0,
        scheduler.chance(0.5) ? 3 : 0,
        scheduler.chance(0.5) ? 2 : 0,
        scheduler.chance(0.3));
  }
}
