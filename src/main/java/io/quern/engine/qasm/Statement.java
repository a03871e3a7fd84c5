package io.quern.engine.qasm;

import java.math.BigInteger;
import java.util.List;

/// One statement of a program, as written: nothing is known of its names yet. Offsets are those of
/// the token an error would point at.
sealed interface Statement {
  int offset();

  record Include(String file, int offset) implements Statement {}

  /// @param size as written, [Integer#MAX_VALUE] for anything larger
  record Register(boolean isQuantum, String name, int size, int offset) implements Statement {}

  record GateDefinition(
      String name, int parameters, List<String> qubits, List<Statement> body, int offset)
      implements Statement {}

  record OpaqueDeclaration(String name, int parameters, int qubits, int offset)
      implements Statement {}

  /// A gate applied; `U` and `CX` are names too.
  record Call(String name, List<Expression> parameters, List<Argument> arguments, int offset)
      implements Statement {}

  record Fence(List<Argument> arguments, int offset) implements Statement {}

  record Measure(Argument from, Argument to, int offset) implements Statement {}

  record ResetTo0(Argument argument, int offset) implements Statement {}

  /// @param register name of a classical register
  /// @param offset of the register's name
  record If(String register, BigInteger value, Statement body, int offset) implements Statement {}

  /// A register, or one element of it.
  ///
  /// @param index as written, [#WHOLE] without one, [Integer#MAX_VALUE] for anything larger
  record Argument(String name, int index, int offset) {
    static final int WHOLE = -1;

    boolean isWhole() {
      return index == WHOLE;
    }
  }
}
