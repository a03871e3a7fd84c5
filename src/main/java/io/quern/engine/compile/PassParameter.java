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
    BOOLEAN,
    NAME,
    PREDICATE,
    WORKFLOW,
    WORKFLOWS
  }

  public PassParameter {
    usual = List.copyOf(usual);
  }

  static PassParameter integer(String name, int usual, String allowed) {
    return new PassParameter(name, Type.INTEGER, List.of(usual), allowed);
  }

  static PassParameter number(String name, double usual, String allowed) {
    return new PassParameter(name, Type.NUMBER, List.of(usual), allowed);
  }

  static PassParameter bool(String name, boolean usual, String allowed) {
    return new PassParameter(name, Type.BOOLEAN, List.of(usual), allowed);
  }

  static PassParameter name(String name, String usual, String allowed) {
    return new PassParameter(name, Type.NAME, List.of(usual), allowed);
  }

  static PassParameter required(String name, Type type, String allowed) {
    return new PassParameter(name, type, List.of(), allowed);
  }
}
