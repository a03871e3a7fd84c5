package io.quern.engine.qasm;

import java.util.HashMap;
import java.util.Map;

/// The kinds of token; the text is what an error shows of it.
enum Token {
  OPENQASM("OPENQASM"),
  INCLUDE("include"),
  QREG("qreg"),
  CREG("creg"),
  GATE("gate"),
  OPAQUE("opaque"),
  IF("if"),
  MEASURE("measure"),
  RESET("reset"),
  BARRIER("barrier"),
  U("U"),
  CX("CX"),
  PI("pi"),
  SIN("sin"),
  COS("cos"),
  TAN("tan"),
  EXP("exp"),
  LN("ln"),
  SQRT("sqrt"),
  IDENTIFIER("a name"),
  INTEGER("an integer"),
  REAL("a number"),
  STRING("a file name in double quotes"),
  LEFT_PARENTHESIS("("),
  RIGHT_PARENTHESIS(")"),
  LEFT_BRACKET("["),
  RIGHT_BRACKET("]"),
  LEFT_BRACE("{"),
  RIGHT_BRACE("}"),
  SEMICOLON(";"),
  COMMA(","),
  ARROW("->"),
  EQUALS("=="),
  PLUS("+"),
  MINUS("-"),
  TIMES("*"),
  DIVIDE("/"),
  POWER("^"),
  END("the end of the text");

  private static final Map<String, Token> WORDS = words();

  private final String text;

  Token(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /// The token as an error names it.
  String quoted() {
    return switch (this) {
      case IDENTIFIER, INTEGER, REAL, STRING, END -> text;
      default -> "'" + text + "'";
    };
  }

  /// The reserved word, or [#IDENTIFIER].
  static Token ofWord(String word) {
    return WORDS.getOrDefault(word, IDENTIFIER);
  }

  private static Map<String, Token> words() {
    Map<String, Token> words = new HashMap<>();
    for (Token token : values()) {
      if (token.ordinal() < IDENTIFIER.ordinal()) {
        words.put(token.text, token);
      }
    }
    return words;
  }
}
