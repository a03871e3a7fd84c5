package io.quern.engine.window;

/// How hard a window is tried.
///
/// @param deletionStarts random starts for each two-qubit gate left out; 0 for none
/// @param beamWidth templates kept at each size; 0 for no beam
/// @param beamStarts random starts for each template beside the one its predecessor gives
/// @param evaluations of the cost for one window at most
public record SearchEffort(int deletionStarts, int beamWidth, int beamStarts, int evaluations) {}
