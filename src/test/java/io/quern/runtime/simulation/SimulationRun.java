package io.quern.runtime.simulation;

/// Plays seeds of the cluster simulation in a process of its own, without asking whether every
/// transition was taken; ends with 1 when one fails.
final class SimulationRun {
  private SimulationRun() {}

  /// @param arguments how many seeds
  public static void main(String[] arguments) {
    int seeds = Integer.parseInt(arguments[0]);
    for (long seed = 1; seed <= seeds; seed++) {
      ClusterSimulationTest.play(seed);
    }
    System.out.println(seeds + " seeds");
  }
}
