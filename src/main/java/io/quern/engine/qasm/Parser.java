package io.quern.engine.qasm;

import io.quern.engine.qasm.Statement.Argument;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one statement after the other. Nothing is kept of a statement that was handed out, so
/// memory does not grow with the program; statements do not nest, so neither does the stack.
final class Parser {
  /// The longest integer a condition may compare with: more than any register of the default limits
  /// can hold, little enough to be read in no time.
  private static final int MAX_DIGITS = 20_000;

  private static final Map<String, Integer> NO_PARAMETERS = Map.of();

  private final Source source;
  private final QasmLimits limits;
  private final Lexer lexer;

  private final ExpressionParser expressions;

  /// Names of the parameters of the gate being defined, with their places.
  private Map<String, Integer> parameters = NO_PARAMETERS;

  Parser(Source source, QasmLimits limits) {
    this.source = source;
    this.limits = limits;
    this.lexer = new Lexer(source);
    this.expressions = new ExpressionParser(source, limits, lexer);
    header();
  }

  /// The next statement, or null at the end of the text.
  @Nullable Statement next() {
    return switch (lexer.token()) {
      case END -> null;
      case INCLUDE -> include();
      case QREG -> register(true);
      case CREG -> register(false);
      case GATE -> gateDefinition();
      case OPAQUE -> opaqueDeclaration();
      case IF -> conditional();
      case BARRIER -> barrier();
      default -> step();
    };
  }

  private void header() {
    if (lexer.token() != Token.OPENQASM) {
      throw unexpected(List.of("'OPENQASM 2.0;'"), " at the start");
    }
    lexer.advance();
    if (lexer.token() != Token.REAL && lexer.token() != Token.INTEGER) {
      throw unexpected(List.of("the version '2.0'"), " after 'OPENQASM'");
    }
    String version = lexer.lexeme();
    if (version.equals("3") || version.startsWith("3.")) {
      throw source.syntaxError(
          lexer.start(),
          lexer.end(),
          "OpenQASM 3 is not supported yet: expected a program in OpenQASM 2.0, found version "
              + version);
    }
    if (!version.equals("2.0") && !version.equals("2")) {
      throw unexpected(List.of("the version '2.0'"), " after 'OPENQASM'");
    }
    lexer.advance();
    semicolon("the version");
  }

  private Statement include() {
    lexer.advance();
    int offset = lexer.start();
    String quoted = take(Token.STRING, " after 'include'");
    semicolon("an include");
    return new Statement.Include(quoted.substring(1, quoted.length() - 1), offset);
  }

  private Statement register(boolean isQuantum) {
    lexer.advance();
    int offset = lexer.start();
    String name = name("of a register");
    expect(Token.LEFT_BRACKET, " and a size after the name of a register");
    int size = integer("as the size of a register");
    expect(Token.RIGHT_BRACKET, " after the size of a register");
    semicolon("a declaration");
    return new Statement.Register(isQuantum, name, size, offset);
  }

  private Statement gateDefinition() {
    lexer.advance();
    int offset = lexer.start();
    String name = name("of a gate");
    parameters = parameterNames();
    List<String> qubits = qubitNames();
    expect(Token.LEFT_BRACE, " at the start of a gate's body");
    List<Statement> body = new ArrayList<>();
    while (lexer.token() != Token.RIGHT_BRACE) {
      body.add(bodyStep());
    }
    lexer.advance();
    int count = parameters.size();
    parameters = NO_PARAMETERS;
    return new Statement.GateDefinition(name, count, qubits, body, offset);
  }

  private Statement opaqueDeclaration() {
    lexer.advance();
    int offset = lexer.start();
    String name = name("of a gate");
    parameters = parameterNames();
    int count = parameters.size();
    int qubits = qubitNames().size();
    parameters = NO_PARAMETERS;
    semicolon("an opaque declaration");
    return new Statement.OpaqueDeclaration(name, count, qubits, offset);
  }

  private Map<String, Integer> parameterNames() {
    Map<String, Integer> names = new LinkedHashMap<>();
    if (lexer.token() == Token.LEFT_PARENTHESIS) {
      lexer.advance();
      if (lexer.token() != Token.RIGHT_PARENTHESIS) {
        addNames(names, NO_PARAMETERS, "of a parameter");
      }
      expect(Token.RIGHT_PARENTHESIS, " or ',' after a parameter's name");
    }
    return names;
  }

  private List<String> qubitNames() {
    Map<String, Integer> names = new LinkedHashMap<>();
    addNames(names, parameters, "of a qubit");
    return List.copyOf(names.keySet());
  }

  /// @param taken names that must not come again
  private void addNames(Map<String, Integer> names, Map<String, Integer> taken, String what) {
    while (true) {
      int offset = lexer.start();
      String name = name(what);
      if (taken.containsKey(name) || names.put(name, names.size()) != null) {
        throw source.semanticError(offset, "'" + name + "' appears twice in the same definition");
      }
      if (names.size() > limits.maxQubits()) {
        throw source.tooLarge(
            offset,
            "max_qubits",
            limits.maxQubits(),
            "a definition lists at most " + limits.maxQubits() + " names");
      }
      if (lexer.token() != Token.COMMA) {
        return;
      }
      lexer.advance();
    }
  }

  private Statement bodyStep() {
    Statement step =
        switch (lexer.token()) {
          case BARRIER -> barrier();
          case IDENTIFIER, U, CX -> call();
          default -> throw unexpected(List.of("a gate", "'barrier'", "'}'"), " in a gate's body");
        };
    List<Argument> arguments =
        switch (step) {
          case Statement.Fence fence -> fence.arguments();
          case Statement.Call call -> call.arguments();
          default -> List.of();
        };
    for (Argument argument : arguments) {
      if (!argument.isWhole()) {
        throw source.semanticError(
            argument.offset(),
            "a gate's body names its qubits without an index, found '"
                + argument.name()
                + "["
                + argument.index()
                + "]'");
      }
    }
    return step;
  }

  private Statement conditional() {
    lexer.advance();
    expect(Token.LEFT_PARENTHESIS, " after 'if'");
    int offset = lexer.start();
    String register = name("of a classical register");
    expect(Token.EQUALS, " after the register of a condition");
    if (lexer.end() - lexer.start() > MAX_DIGITS) {
      throw source.tooLarge(
          lexer.start(),
          "max_digits",
          MAX_DIGITS,
          "an integer has at most " + MAX_DIGITS + " digits");
    }
    BigInteger value = new BigInteger(take(Token.INTEGER, " to compare a register with"));
    expect(Token.RIGHT_PARENTHESIS, " after a condition");
    return new Statement.If(register, value, step(), offset);
  }

  private Statement barrier() {
    int offset = lexer.start();
    lexer.advance();
    List<Argument> arguments = arguments();
    semicolon("a barrier");
    return new Statement.Fence(arguments, offset);
  }

  private Statement step() {
    return switch (lexer.token()) {
      case MEASURE -> measure();
      case RESET -> reset();
      case IDENTIFIER, U, CX -> call();
      default -> throw unexpected(List.of("a statement"), "");
    };
  }

  private Statement measure() {
    int offset = lexer.start();
    lexer.advance();
    Argument from = argument();
    expect(Token.ARROW, " after the measured qubit");
    Argument to = argument();
    semicolon("a measurement");
    return new Statement.Measure(from, to, offset);
  }

  private Statement reset() {
    int offset = lexer.start();
    lexer.advance();
    Argument argument = argument();
    semicolon("a reset");
    return new Statement.ResetTo0(argument, offset);
  }

  private Statement call() {
    int offset = lexer.start();
    String gate = lexer.word();
    lexer.advance();
    List<Expression> values = List.of();
    if (lexer.token() == Token.LEFT_PARENTHESIS) {
      lexer.advance();
      values = new ArrayList<>(3);
      if (lexer.token() != Token.RIGHT_PARENTHESIS) {
        values.add(expressions.parse(parameters));
        while (lexer.token() == Token.COMMA) {
          lexer.advance();
          values.add(expressions.parse(parameters));
        }
      }
      expect(Token.RIGHT_PARENTHESIS, " or ',' after a parameter");
    }
    List<Argument> arguments = arguments();
    semicolon("a gate application");
    return new Statement.Call(gate, values, arguments, offset);
  }

  private List<Argument> arguments() {
    List<Argument> arguments = new ArrayList<>(2);
    arguments.add(argument());
    while (lexer.token() == Token.COMMA) {
      lexer.advance();
      arguments.add(argument());
    }
    return arguments;
  }

  private Argument argument() {
    int offset = lexer.start();
    String name = name("of a register or qubit");
    if (lexer.token() != Token.LEFT_BRACKET) {
      return new Argument(name, Argument.WHOLE, offset);
    }
    lexer.advance();
    int index = integer("as an index");
    expect(Token.RIGHT_BRACKET, " after an index");
    return new Argument(name, index, offset);
  }

  private String name(String what) {
    if (lexer.token() != Token.IDENTIFIER) {
      boolean isReserved = lexer.token().ordinal() < Token.IDENTIFIER.ordinal();
      String note = isReserved ? " (which is not the reserved word it is now)" : "";
      throw unexpected(List.of("the name " + what + note), "");
    }
    String word = lexer.word();
    lexer.advance();
    return word;
  }

  /// The current integer, [Integer#MAX_VALUE] for anything larger.
  private int integer(String role) {
    if (lexer.token() != Token.INTEGER) {
      throw unexpected(List.of("an integer"), " " + role);
    }
    long value = 0;
    for (int i = lexer.start(); i < lexer.end() && value < Integer.MAX_VALUE; i++) {
      value = 10 * value + (source.text().charAt(i) - '0');
    }
    lexer.advance();
    return (int) Math.min(value, Integer.MAX_VALUE);
  }

  private String take(Token token, String context) {
    if (lexer.token() != token) {
      throw unexpected(List.of(token.quoted()), context);
    }
    String lexeme = lexer.lexeme();
    lexer.advance();
    return lexeme;
  }

  private void expect(Token token, String context) {
    if (lexer.token() != token) {
      throw unexpected(List.of(token.quoted()), context);
    }
    lexer.advance();
  }

  private void semicolon(String after) {
    if (lexer.token() != Token.SEMICOLON) {
      throw unexpected(List.of("';'"), " after " + after);
    }
    lexer.advance();
  }

  private QasmException unexpected(List<String> expected, String context) {
    return source.syntaxError(lexer.start(), lexer.end(), expected, context);
  }
}
