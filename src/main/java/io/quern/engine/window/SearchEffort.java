package io.quern.engine.window;

import io.quern.engine.instantiation.InstantiationOptions;

/// How hard a window is tried.
///
/// @param deletionStarts random starts for each two-qubit gate left out; 0 for none
/// @param beamWidth templates kept at each size; 0 for no beam
/// @param beamStarts random starts for each template of the largest size beside the one its
///   predecessor gives
/// @param evaluations of the cost for one window at most
/// @param goal distance (D1) up to which a fit is used
public record SearchEffort(
    int deletionStarts, int beamWidth, int beamStarts, int evaluations, double goal) {

  /// Only fits that are exact to the precision of numbers are used.
  public SearchEffort(int deletionStarts, int beamWidth, int beamStarts, int evaluations) {
    this(deletionStarts, beamWidth, beamStarts, evaluations, InstantiationOptions.PRECISE);
  }

  /// The same with fits that are off by up to a distance.
  public SearchEffort withGoal(double other) {
    return new SearchEffort(deletionStarts, beamWidth, beamStarts, evaluations, other);
  }
}
