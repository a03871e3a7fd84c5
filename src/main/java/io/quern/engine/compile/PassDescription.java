package io.quern.engine.compile;

import java.util.List;

/// What may be known of a pass before it is used.
///
/// @param name as workflows and reports call it
/// @param summary one sentence
/// @param source the work it is taken from, or BQSKit's pass of the same purpose
public record PassDescription(
    String name, String summary, List<PassParameter> parameters, String source) {
  public PassDescription {
    parameters = List.copyOf(parameters);
  }
}
