package io.quern.engine.compile;

import java.util.List;

/// A parameter of a pass in a workflow.
///
/// @param usual the value where none is given, as JSON has it; empty where one must be given
/// @param allowed the values or the range allowed, for people
public record PassParameter(String name, Type type, List<Object> usual, String allowed) {
  /// What kind of value it takes.
  public enum Type {
    INTEGER,
    NUMBER,
    NAME,
    PREDICATE,
    WORKFLOW,
    WORKFLOWS
  }

  public PassParameter {
    usual = List.copyOf(usual);
  }
}
