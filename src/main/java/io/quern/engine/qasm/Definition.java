package io.quern.engine.qasm;

import io.quern.engine.circuit.StandardGate;
import java.util.List;

/// What a gate's name stands for.
sealed interface Definition {
  int parameters();

  int qubits();

  /// How many operations one application comes to; saturates at [Long#MAX_VALUE].
  long operations();

  /// How many levels of definitions lie beneath.
  int depth();

  /// Steps of writing one application out: operations, definitions on the way, and the parts of the
  /// expressions to evaluate; saturates at [Long#MAX_VALUE].
  default long work() {
    return 1;
  }

  /// A gate the engine knows.
  record Known(StandardGate gate) implements Definition {
    @Override
    public int parameters() {
      return gate.parameterCount();
    }

    @Override
    public int qubits() {
      return gate.qubits();
    }

    @Override
    public long operations() {
      return 1;
    }

    @Override
    public int depth() {
      return 0;
    }
  }

  /// A gate the program declares without saying what it does.
  record Opaque(int parameters, int qubits) implements Definition {
    @Override
    public long operations() {
      return 1;
    }

    @Override
    public int depth() {
      return 0;
    }
  }

  /// A gate the program defines; its steps are bound to what their names meant at that point.
  record Composite(
      int parameters, int qubits, List<Step> steps, long operations, int depth, long work)
      implements Definition {
    static Composite of(int parameters, int qubits, List<Step> steps) {
      long operations = 0;
      int depth = 0;
      long work = 1;
      for (Step step : steps) {
        long more = step instanceof Application application ? application.gate.operations() : 1;
        operations = sum(operations, more);
        if (step instanceof Application application) {
          depth = Math.max(depth, application.gate.depth() + 1);
          work = sum(work, sum(application.nodes, application.gate.work()));
        } else {
          work = sum(work, 1);
        }
      }
      // One that comes to nothing is not entered.
      return new Composite(
          parameters, qubits, List.copyOf(steps), operations, depth, operations == 0 ? 1 : work);
    }

    private static long sum(long a, long b) {
      return a + b < a ? Long.MAX_VALUE : a + b;
    }
  }

  /// One step of a definition. A class, for it owns an array: its qubits as places among those of
  /// the definition.
  abstract sealed class Step {
    private final int[] places;

    private Step(int[] places) {
      this.places = places;
    }

    /// The qubits of the step within one application.
    ///
    /// @param qubits of the application; not modified
    int[] on(int[] qubits) {
      int[] mapped = new int[places.length];
      for (int i = 0; i < mapped.length; i++) {
        mapped[i] = qubits[places[i]];
      }
      return mapped;
    }
  }

  /// A gate within a definition.
  final class Application extends Step {
    private final Definition gate;
    private final List<Expression> parameters;
    private final int offset;
    private final long nodes;

    Application(Definition gate, List<Expression> parameters, int offset, int... places) {
      super(places);
      this.gate = gate;
      this.parameters = List.copyOf(parameters);
      this.offset = offset;
      this.nodes = parameters.stream().mapToLong(Expression::nodes).sum();
    }

    Definition gate() {
      return gate;
    }

    List<Expression> parameters() {
      return parameters;
    }

    int offset() {
      return offset;
    }
  }

  /// A barrier within a definition.
  final class Fence extends Step {
    Fence(int... places) {
      super(places);
    }
  }
}
