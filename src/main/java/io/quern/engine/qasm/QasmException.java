package io.quern.engine.qasm;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import java.util.Map;

/// What is wrong with an OpenQASM text, and where.
///
/// The details are `line` and `column` (both from 1, in characters), `token`, `source_line` and,
/// where the grammar left a choice, `expected`; with a limit also `limit` and its value.
public final class QasmException extends QuernException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  QasmException(ErrorCode code, String message, int line, int column, Map<String, ?> details) {
    super(code, message, details);
    this.line = line;
    this.column = column;
  }

  /// The line of the offending token, from 1.
  public int line() {
    return line;
  }

  /// The offending token's first character within its line, from 1.
  public int column() {
    return column;
  }
}
