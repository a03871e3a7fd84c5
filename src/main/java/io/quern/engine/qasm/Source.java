package io.quern.engine.qasm;

import io.quern.failure.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The text of a program, and the making of errors that point into it.
///
/// Lines and columns are counted only when an error needs them, so nothing else keeps them.
record Source(String text) {
  /// What an error shows of a line or token that is longer.
  private static final int MAX_SHOWN_LINE = 200;

  private static final int MAX_SHOWN_TOKEN = 40;

  private static final String ONE_LINE_HINT =
      "; the text has no line break, so everything after the first // is a comment:"
          + " send files with curl's --data-binary, as -d drops line breaks";

  QasmException syntaxError(int start, int end, List<String> expected, String context) {
    String choice = String.join(" or ", expected);
    String message = "expected " + choice + context + ", found " + describe(start, end);
    List<String> bare = expected.stream().map(e -> e.replace("'", "")).toList();
    return error(ErrorCode.QASM_SYNTAX, start, end, message, Map.of("expected", bare));
  }

  QasmException syntaxError(int start, int end, String message) {
    return error(ErrorCode.QASM_SYNTAX, start, end, message, Map.of());
  }

  QasmException semanticError(int start, String message) {
    return error(ErrorCode.QASM_SEMANTICS, start, endOfToken(start), message, Map.of());
  }

  QasmException semanticError(int start, String message, Map<String, ?> more) {
    return error(ErrorCode.QASM_SEMANTICS, start, endOfToken(start), message, more);
  }

  QasmException tooLarge(int start, String limit, long allowed, String message) {
    return error(
        ErrorCode.CIRCUIT_TOO_LARGE,
        start,
        endOfToken(start),
        message,
        Map.of("limit", limit, "allowed", allowed));
  }

  /// Everything after the first `//`, if the text has no line break; the comment then swallows what
  /// were lines once.
  boolean isOneLineWithComment() {
    return text.indexOf('\n') < 0 && text.indexOf('\r') < 0 && text.contains("//");
  }

  /// The 1-based line of an offset.
  int lineOf(int offset) {
    int line = 1;
    for (int i = 0; i < offset; i++) {
      if (isLineEnd(i)) {
        line++;
      }
    }
    return line;
  }

  private QasmException error(
      ErrorCode code, int start, int end, String message, Map<String, ?> more) {
    int lineStart = start;
    while (lineStart > 0 && !isLineBreak(text.charAt(lineStart - 1))) {
      lineStart--;
    }
    int lineEnd = start;
    while (lineEnd < text.length() && !isLineBreak(text.charAt(lineEnd))) {
      lineEnd++;
    }
    int line = lineOf(lineStart);
    int column = start - lineStart + 1 - (lineStart == 0 && text.startsWith("\uFEFF") ? 1 : 0);
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("line", line);
    details.put("column", column);
    details.put("token", shorten(text.substring(start, end), MAX_SHOWN_TOKEN));
    details.put("source_line", window(lineStart, start, lineEnd));
    details.putAll(more);
    String hint = isOneLineWithComment() ? ONE_LINE_HINT : "";
    return new QasmException(code, message + hint, line, column, details);
  }

  private String describe(int start, int end) {
    return start >= text.length()
        ? "the end of the text"
        : "'" + shorten(text.substring(start, end), MAX_SHOWN_TOKEN) + "'";
  }

  /// The part of a line around an offset.
  private String window(int lineStart, int offset, int lineEnd) {
    int from = lineStart;
    int to = lineEnd;
    if (to - from > MAX_SHOWN_LINE) {
      from = Math.max(lineStart, offset - MAX_SHOWN_LINE / 2);
      to = Math.min(lineEnd, from + MAX_SHOWN_LINE);
    }
    return (from > lineStart ? "..." : "")
        + text.substring(from, to).replace("\uFEFF", "")
        + (to < lineEnd ? "..." : "");
  }

  private static String shorten(String token, int length) {
    return token.length() <= length ? token : token.substring(0, length) + "...";
  }

  private int endOfToken(int start) {
    int end = start;
    while (end < text.length() && isWordPart(text.charAt(end))) {
      end++;
    }
    return Math.max(end, Math.min(start + 1, text.length()));
  }

  private static boolean isWordPart(char c) {
    return Lexer.isLetter(c) || Lexer.isDigit(c) || c == '_' || c == '.';
  }

  private static boolean isLineBreak(char c) {
    return c == '\n' || c == '\r';
  }

  /// CRLF ends one line, not two.
  private boolean isLineEnd(int i) {
    char c = text.charAt(i);
    return c == '\n' || (c == '\r' && (i + 1 >= text.length() || text.charAt(i + 1) != '\n'));
  }
}
