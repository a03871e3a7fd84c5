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
    int linkMicros) {

  static final Faults NONE = new Faults(0, 0, 0, 0, 0, 800, 0, 0, 0, 0, 50);

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
        scheduler.chance(0.5) ? 1 : 0,
        scheduler.chance(0.3) ? 1 : 0,
        scheduler.chance(0.3) ? 1 : 0,
        scheduler.chance(0.5) ? 2_000 : 50);
  }
}
