package io.quern.engine.compile;

/// A measured distance between input and result.
///
/// @param value D1 = 1 - |Tr(U^dagger V)|/d, computed as min over phi of ||U - e^(i phi) V||_F^2 /
///   (2d); for states the largest over the states tried of 1 - |<a|b>|, computed likewise
/// @param method `unitary`, `states`, or `branches` for circuits with measurements
public record Distance(double value, String method) {}
