package io.quern.engine.qasm;

import io.quern.engine.qasm.Expression.Function;
import io.quern.engine.qasm.Expression.Operator;
import java.util.List;
import java.util.Map;

/// Reads expressions by recursive descent; how deep is bounded by [QasmLimits#maxNesting].
///
/// An expression is folded while it is read, so only one that uses parameters leaves a tree.
final class ExpressionParser {
  private final Source source;
  private final QasmLimits limits;
  private final Lexer lexer;
  private Map<String, Integer> parameters = Map.of();

  /// Calls of [#expression] and [#factor] under way.
  private int nesting;

  /// @param lexer stands on the first token of an expression when one is asked for
  ExpressionParser(Source source, QasmLimits limits, Lexer lexer) {
    this.source = source;
    this.limits = limits;
    this.lexer = lexer;
  }

  /// @param parameters names of the parameters an expression may use, with their places; not
  ///   modified
  Expression parse(Map<String, Integer> parameters) {
    this.parameters = parameters;
    return expression();
  }

  private Expression expression() {
    enter();
    Expression left = term();
    while (lexer.token() == Token.PLUS || lexer.token() == Token.MINUS) {
      Operator operator = lexer.token() == Token.PLUS ? Operator.PLUS : Operator.MINUS;
      int offset = lexer.start();
      lexer.advance();
      left = combine(operator, left, term(), offset);
    }
    nesting--;
    return left;
  }

  private Expression term() {
    Expression left = factor();
    while (lexer.token() == Token.TIMES || lexer.token() == Token.DIVIDE) {
      Operator operator = lexer.token() == Token.TIMES ? Operator.TIMES : Operator.DIVIDE;
      int offset = lexer.start();
      lexer.advance();
      left = combine(operator, left, factor(), offset);
    }
    return left;
  }

  private Expression factor() {
    enter();
    Expression value;
    if (lexer.token() == Token.MINUS) {
      lexer.advance();
      value = Expression.negate(factor());
    } else if (lexer.token() == Token.PLUS) {
      lexer.advance();
      value = factor();
    } else {
      value = primary();
      if (lexer.token() == Token.POWER) {
        int offset = lexer.start();
        lexer.advance();
        value = combine(Operator.POWER, value, factor(), offset);
      }
    }
    nesting--;
    return value;
  }

  private Expression primary() {
    return switch (lexer.token()) {
      case INTEGER, REAL -> number();
      case PI -> {
        lexer.advance();
        yield new Expression.Constant(Math.PI);
      }
      case IDENTIFIER -> parameter();
      case SIN -> application(Function.SIN);
      case COS -> application(Function.COS);
      case TAN -> application(Function.TAN);
      case EXP -> application(Function.EXP);
      case LN -> application(Function.LN);
      case SQRT -> application(Function.SQRT);
      case LEFT_PARENTHESIS -> {
        lexer.advance();
        Expression inner = expression();
        expect(Token.RIGHT_PARENTHESIS, " after an expression");
        yield inner;
      }
      default ->
          throw source.syntaxError(
              lexer.start(),
              lexer.end(),
              List.of("a number", "'pi'", "a parameter", "a function", "'('"),
              " in an expression");
    };
  }

  private Expression number() {
    double value = Double.parseDouble(lexer.lexeme());
    if (!Double.isFinite(value)) {
      throw source.semanticError(
          lexer.start(), "the number is too large; the largest is " + Double.MAX_VALUE);
    }
    lexer.advance();
    return new Expression.Constant(value);
  }

  private Expression parameter() {
    String name = lexer.word();
    Integer index = parameters.get(name);
    if (index == null) {
      String known =
          parameters.isEmpty()
              ? ""
              : "; the parameters here are " + String.join(", ", parameters.keySet());
      throw source.semanticError(
          lexer.start(), "'" + name + "' is not a parameter or constant" + known);
    }
    lexer.advance();
    return new Expression.Parameter(index);
  }

  private Expression application(Function function) {
    int offset = lexer.start();
    lexer.advance();
    expect(Token.LEFT_PARENTHESIS, " after the name of a function");
    Expression operand = expression();
    expect(Token.RIGHT_PARENTHESIS, " after the operand of a function");
    return Expression.apply(function, operand, offset, source);
  }

  private Expression combine(Operator operator, Expression left, Expression right, int offset) {
    Expression combined = Expression.combine(operator, left, right, offset, source);
    if (combined.depth() > limits.maxNesting()) {
      throw tooDeep(offset);
    }
    return combined;
  }

  private void enter() {
    if (++nesting > 2 * limits.maxNesting()) {
      throw tooDeep(lexer.start());
    }
  }

  private QasmException tooDeep(int offset) {
    return source.tooLarge(
        offset,
        "max_nesting",
        limits.maxNesting(),
        "an expression is nested at most " + limits.maxNesting() + " deep");
  }

  private void expect(Token token, String context) {
    if (lexer.token() != token) {
      throw source.syntaxError(lexer.start(), lexer.end(), List.of(token.quoted()), context);
    }
    lexer.advance();
  }
}
