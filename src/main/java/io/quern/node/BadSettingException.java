package io.quern.node;

/// A setting without which, or with which, the process cannot start.
public final class BadSettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public BadSettingException(String message) {
    super(message);
  }
}
