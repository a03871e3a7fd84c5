package io.quern.engine.pass;

/// The failure of a child runtime task, as its parent sees it.
public class RuntimeTaskException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RuntimeTaskException(String message) {
    super(message);
  }
}
