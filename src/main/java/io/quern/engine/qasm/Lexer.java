package io.quern.engine.qasm;

import java.util.List;

/// Cuts a text into tokens: a cursor on the current one, without an object for each.
final class Lexer {
  /// Slots of the table of recent words; a power of two.
  private static final int WORDS = 256;

  private final Source source;
  private final String text;
  private final int length;

  /// Recent words by hash, so that a name repeated a million times is one object.
  private final String[] words = new String[WORDS];

  private Token token = Token.END;
  private String word = "";
  private int start;
  private int end;
  private int previousEnd;

  Lexer(Source source) {
    this.source = source;
    this.text = source.text();
    this.length = text.length();
    this.end = text.startsWith("\uFEFF") ? 1 : 0;
    advance();
  }

  Token token() {
    return token;
  }

  /// The current word; meaningful for reserved words and identifiers only.
  String word() {
    return word;
  }

  /// Offset of the current token's first character.
  int start() {
    return start;
  }

  /// Offset behind the current token.
  int end() {
    return end;
  }

  /// Offset behind the token before the current one.
  int previousEnd() {
    return previousEnd;
  }

  /// A fresh copy of the current token's characters.
  String lexeme() {
    return text.substring(start, end);
  }

  void advance() {
    previousEnd = end;
    skipBlanksAndComments();
    start = end;
    if (start >= length) {
      token = Token.END;
      return;
    }
    char c = text.charAt(start);
    if (isLetter(c)) {
      word(c);
    } else if (isDigit(c) || (c == '.' && start + 1 < length && isDigit(text.charAt(start + 1)))) {
      number();
    } else {
      symbol(c);
    }
  }

  private void skipBlanksAndComments() {
    while (end < length) {
      char c = text.charAt(end);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        end++;
      } else if (c == '/' && end + 1 < length && text.charAt(end + 1) == '/') {
        while (end < length && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
          end++;
        }
      } else {
        return;
      }
    }
  }

  private void word(char first) {
    int hash = first;
    end++;
    while (end < length && isWordPart(text.charAt(end))) {
      hash = 31 * hash + text.charAt(end++);
    }
    int slot = (hash ^ (hash >>> 8)) & (WORDS - 1);
    String known = words[slot];
    int wordLength = end - start;
    if (known == null
        || known.length() != wordLength
        || !text.regionMatches(start, known, 0, wordLength)) {
      known = text.substring(start, end);
      words[slot] = known;
    }
    word = known;
    token = Token.ofWord(known);
    if (token == Token.IDENTIFIER && first >= 'A' && first <= 'Z') {
      throw source.syntaxError(
          start, end, "a name starts with a lower-case letter, found '" + known + "'");
    }
  }

  private void number() {
    token = Token.INTEGER;
    skipDigits();
    if (end < length && text.charAt(end) == '.') {
      token = Token.REAL;
      end++;
      skipDigits();
    }
    if (end < length && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
      token = Token.REAL;
      end++;
      if (end < length && (text.charAt(end) == '+' || text.charAt(end) == '-')) {
        end++;
      }
      int digits = end;
      skipDigits();
      if (end == digits) {
        throw source.syntaxError(
            start, end, "expected digits in the exponent of '" + lexeme() + "'");
      }
    }
    if (end < length && isWordPart(text.charAt(end))) {
      while (end < length && isWordPart(text.charAt(end))) {
        end++;
      }
      throw source.syntaxError(start, end, "expected a number or a name, found '" + lexeme() + "'");
    }
    if (token == Token.INTEGER && text.charAt(start) == '0' && end - start > 1) {
      throw source.syntaxError(
          start, end, "an integer has no leading zeros, found '" + lexeme() + "'");
    }
  }

  private void skipDigits() {
    while (end < length && isDigit(text.charAt(end))) {
      end++;
    }
  }

  private void symbol(char c) {
    end = start + 1;
    token =
        switch (c) {
          case '(' -> Token.LEFT_PARENTHESIS;
          case ')' -> Token.RIGHT_PARENTHESIS;
          case '[' -> Token.LEFT_BRACKET;
          case ']' -> Token.RIGHT_BRACKET;
          case '{' -> Token.LEFT_BRACE;
          case '}' -> Token.RIGHT_BRACE;
          case ';' -> Token.SEMICOLON;
          case ',' -> Token.COMMA;
          case '+' -> Token.PLUS;
          case '*' -> Token.TIMES;
          case '/' -> Token.DIVIDE;
          case '^' -> Token.POWER;
          case '-' -> followedBy('>') ? Token.ARROW : Token.MINUS;
          case '=' -> {
            if (!followedBy('=')) {
              throw source.syntaxError(start, end, List.of("'=='"), "");
            }
            yield Token.EQUALS;
          }
          case '"' -> string();
          default -> throw foreign(c);
        };
  }

  private boolean followedBy(char c) {
    if (end < length && text.charAt(end) == c) {
      end++;
      return true;
    }
    return false;
  }

  private Token string() {
    while (end < length && text.charAt(end) != '"') {
      if (text.charAt(end) == '\n' || text.charAt(end) == '\r') {
        throw source.syntaxError(start, end, "expected a closing '\"' before the end of the line");
      }
      end++;
    }
    if (end >= length) {
      throw source.syntaxError(start, end, "expected a closing '\"' before the end of the text");
    }
    end++;
    return Token.STRING;
  }

  private QasmException foreign(char c) {
    if (Character.isHighSurrogate(c)
        && end < length
        && Character.isLowSurrogate(text.charAt(end))) {
      end++;
    }
    String shown =
        c < ' ' || c == 0x7f
            ? String.format("the control character U+%04X", (int) c)
            : "'" + lexeme() + "'";
    return source.syntaxError(start, end, "OpenQASM 2 has no use for " + shown + " here");
  }

  static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordPart(char c) {
    return isLetter(c) || isDigit(c) || c == '_';
  }
}
