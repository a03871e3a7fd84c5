package io.quern.engine.instantiation;

/// When a run of an optimiser ends.
///
/// @param goal cost that is good enough
/// @param evaluations at most
/// @param window accepted steps after which progress is judged
/// @param ratio a run goes on if in a window the cost fell below this part of what it was ..
/// @param keepGoing .. or is at most this
record Stopping(double goal, int evaluations, int window, double ratio, double keepGoing) {

  static Stopping of(InstantiationOptions options, int evaluations) {
    return new Stopping(options.goal(), evaluations, 10, 0.9, 1e-7);
  }
}
