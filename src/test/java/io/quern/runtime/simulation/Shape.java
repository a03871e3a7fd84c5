package io.quern.runtime.simulation;

/// Who there is beside the server.
///
/// @param managers at least 2
/// @param workersEach of every manager, and of every node
/// @param nodesEach processes of workers under every manager but the server's own, beside its own
///   workers
/// @param isFirstInside whether the first manager is in the server's process and dies with it
record Shape(int managers, int workersEach, int nodesEach, boolean isFirstInside) {
  static final int FEWEST_MANAGERS = 2;
  static final int FEWEST_WORKERS = 4;

  static Shape random(Scheduler scheduler) {
    int managers = scheduler.between(FEWEST_MANAGERS, 3);
    int nodes = scheduler.chance(0.5) ? scheduler.between(1, 2) : 0;
    Shape shape = new Shape(managers, scheduler.between(1, 4), nodes, scheduler.chance(0.3));
    return shape.workers() < FEWEST_WORKERS
        ? new Shape(managers, 2, nodes, shape.isFirstInside())
        : shape;
  }

  int workers() {
    int withNodes = managers - (isFirstInside ? 1 : 0);
    return workersEach * (managers + withNodes * nodesEach);
  }
}
