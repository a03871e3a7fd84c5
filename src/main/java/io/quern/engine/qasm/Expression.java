package io.quern.engine.qasm;

/// A real expression; constants are folded as it is built.
sealed interface Expression {

  /// The longest path to a leaf; bounds the stack that [#evaluate] takes.
  int depth();

  /// Parts of the expression, of which each costs a step when it is evaluated.
  default long nodes() {
    return switch (this) {
      case Constant _, Parameter _ -> 1;
      case Negation(Expression operand, int _) -> 1 + operand.nodes();
      case Application(Function _, Expression operand, int _, int _) -> 1 + operand.nodes();
      case Binary(Operator _, Expression left, Expression right, int _, int _) ->
          1 + left.nodes() + right.nodes();
    };
  }

  /// A number.
  record Constant(double value) implements Expression {
    @Override
    public int depth() {
      return 0;
    }
  }

  /// A parameter of the gate that is being defined.
  record Parameter(int index) implements Expression {
    @Override
    public int depth() {
      return 0;
    }
  }

  record Negation(Expression operand, int depth) implements Expression {}

  /// @param offset of the function's name in the source
  record Application(Function function, Expression operand, int offset, int depth)
      implements Expression {}

  /// @param offset of the operator in the source
  record Binary(Operator operator, Expression left, Expression right, int offset, int depth)
      implements Expression {}

  enum Function {
    SIN,
    COS,
    TAN,
    EXP,
    LN,
    SQRT;

    double apply(double x) {
      return switch (this) {
        case SIN -> Math.sin(x);
        case COS -> Math.cos(x);
        case TAN -> Math.tan(x);
        case EXP -> Math.exp(x);
        case LN -> Math.log(x);
        case SQRT -> Math.sqrt(x);
      };
    }
  }

  enum Operator {
    PLUS("+"),
    MINUS("-"),
    TIMES("*"),
    DIVIDE("/"),
    POWER("^");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    double apply(double left, double right) {
      return switch (this) {
        case PLUS -> left + right;
        case MINUS -> left - right;
        case TIMES -> left * right;
        case DIVIDE -> left / right;
        case POWER -> Math.pow(left, right);
      };
    }
  }

  static Expression negate(Expression operand) {
    return operand instanceof Constant(double value)
        ? new Constant(-value)
        : new Negation(operand, operand.depth() + 1);
  }

  /// @throws QasmException if both the operand is known and the value is not finite
  static Expression apply(Function function, Expression operand, int offset, Source source) {
    return operand instanceof Constant(double value)
        ? new Constant(checked(function, value, offset, source))
        : new Application(function, operand, offset, operand.depth() + 1);
  }

  /// @throws QasmException if both operands are known and the value is not finite
  static Expression combine(
      Operator operator, Expression left, Expression right, int offset, Source source) {
    return left instanceof Constant(double a) && right instanceof Constant(double b)
        ? new Constant(checked(operator, a, b, offset, source))
        : new Binary(operator, left, right, offset, Math.max(left.depth(), right.depth()) + 1);
  }

  /// The value, always finite.
  ///
  /// @param parameters of the gate the expression is part of; not modified
  /// @throws QasmException if a step divides by zero, leaves a function's domain or overflows
  default double evaluate(double[] parameters, Source source) {
    return switch (this) {
      case Constant(double value) -> value;
      case Parameter(int index) -> parameters[index];
      case Negation(Expression operand, int _) -> -operand.evaluate(parameters, source);
      case Application(Function function, Expression operand, int offset, int _) ->
          checked(function, operand.evaluate(parameters, source), offset, source);
      case Binary(Operator operator, Expression left, Expression right, int offset, int _) ->
          checked(
              operator,
              left.evaluate(parameters, source),
              right.evaluate(parameters, source),
              offset,
              source);
    };
  }

  private static double checked(Function function, double x, int offset, Source source) {
    double value = function.apply(x);
    if (!Double.isFinite(value)) {
      String name = function.name().toLowerCase(java.util.Locale.ROOT);
      throw source.semanticError(offset, name + "(" + x + ") is not a finite real number");
    }
    return value;
  }

  private static double checked(
      Operator operator, double left, double right, int offset, Source source) {
    if (operator == Operator.DIVIDE && right == 0) {
      throw source.semanticError(offset, "division by zero");
    }
    double value = operator.apply(left, right);
    if (!Double.isFinite(value)) {
      throw source.semanticError(
          offset, left + " " + operator.text + " " + right + " is not a finite real number");
    }
    return value;
  }
}
