package io.quern.engine.instantiation;

import java.util.SplittableRandom;

/// Draws one-qubit gates uniformly.
final class RandomGates {
  private RandomGates() {}

  /// Fills w, x, y, z of some gates with a point drawn uniformly from the unit sphere: a point of
  /// the ball, pushed outward. Only arithmetic, so that every processor draws the same bits.
  static void fill(double[] gates, int from, int to, SplittableRandom random) {
    for (int gate = from; gate < to; gate++) {
      draw(gates, 4 * gate, random);
    }
  }

  private static void draw(double[] gates, int g, SplittableRandom random) {
    double squared;
    do {
      squared = 0;
      for (int i = g; i < g + 4; i++) {
        gates[i] = 2 * random.nextDouble() - 1;
        squared += gates[i] * gates[i];
      }
    } while (squared > 1 || squared < 0.01);
    double scale = 1 / Math.sqrt(squared);
    for (int i = g; i < g + 4; i++) {
      gates[i] *= scale;
    }
  }
}
