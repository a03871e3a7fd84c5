package io.quern.engine.compile;

/// A workflow that cannot work, found before it runs.
public final class WorkflowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String where;
  private final String expected;
  private final String found;

  /// @param where JSON pointer into the workflow
  /// @param expected what would work there
  WorkflowException(String where, String expected, String found) {
    super("expected " + expected + ", found " + found);
    this.where = where;
    this.expected = expected;
    this.found = found;
  }

  /// The place, as a JSON pointer into the workflow: empty for the workflow itself.
  public String where() {
    return where;
  }

  /// What would work there.
  public String expected() {
    return expected;
  }

  /// What stands there.
  public String found() {
    return found;
  }
}
