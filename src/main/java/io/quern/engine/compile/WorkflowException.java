package io.quern.engine.compile;

/// A workflow that cannot work, found before it runs.
public final class WorkflowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String where;

  WorkflowException(String where, String message) {
    super(message);
    this.where = where;
  }

  /// The step, as a JSON pointer into the workflow.
  public String where() {
    return where;
  }
}
