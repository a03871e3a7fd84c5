package io.quern.engine.qasm;

import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import java.util.List;
import java.util.function.Consumer;

/// Writes an application of a gate out as operations on gates the engine knows.
///
/// The caller has checked sizes, how many operations will come and how much work it is to make them
/// ([Definition#work]); definitions that come to none are not entered.
final class Expansion {
  private static final double[] NO_VALUES = {};

  private final Source source;
  private final Consumer<Operation> sink;

  Expansion(Source source, Consumer<Operation> sink) {
    this.source = source;
    this.sink = sink;
  }

  /// @param parameters finite values in radians; not modified
  /// @param qubits pairwise different; not modified
  /// @param offset where an error points
  void apply(Definition gate, double[] parameters, int[] qubits, int offset) {
    switch (gate) {
      case Definition.Known(StandardGate known) ->
          sink.accept(new GateOperation(known, Location.of(qubits), Parameters.of(parameters)));
      case Definition.Opaque _ ->
          throw source.semanticError(
              offset, "an opaque gate can be declared but not applied: nothing says what it does");
      case Definition.Composite composite -> {
        if (composite.operations() == 0) {
          return;
        }
        for (Definition.Step step : composite.steps()) {
          int[] on = step.on(qubits);
          switch (step) {
            case Definition.Fence _ -> sink.accept(new Barrier(Location.of(on)));
            case Definition.Application inner ->
                apply(inner.gate(), values(inner.parameters(), parameters), on, inner.offset());
          }
        }
      }
    }
  }

  /// The values of expressions.
  ///
  /// @param parameters of the gate they are part of; not modified
  double[] values(List<Expression> expressions, double[] parameters) {
    if (expressions.isEmpty()) {
      return NO_VALUES;
    }
    double[] values = new double[expressions.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = expressions.get(i).evaluate(parameters, source);
    }
    return values;
  }
}
