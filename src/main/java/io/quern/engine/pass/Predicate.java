package io.quern.engine.pass;

import io.quern.engine.partition.BlockElement.Fence;
import org.jspecify.annotations.Nullable;

/// What control passes ask of a circuit; each has BQSKit's name where BQSKit has it.
public sealed interface Predicate {

  /// @param before the state when this was last asked, null the first time
  boolean holds(PassData now, @Nullable PassData before);

  /// Whether fewer two-qubit gates are needed than when last asked; true the first time.
  record ChangePredicate() implements Predicate {
    @Override
    public boolean holds(PassData now, @Nullable PassData before) {
      return before == null || now.twoQubitGates() < before.twoQubitGates();
    }
  }

  /// Whether the circuit has fewer than so many qubits.
  record WidthPredicate(int width) implements Predicate {
    @Override
    public boolean holds(PassData now, @Nullable PassData before) {
      return now.blocks().qubits() < width;
    }
  }

  /// Whether more than so many two-qubit gates are needed.
  record GateCountPredicate(int count) implements Predicate {
    @Override
    public boolean holds(PassData now, @Nullable PassData before) {
      return now.twoQubitGates() > count;
    }
  }

  /// Whether the circuit has gates only: no measurement, reset, barrier or conditional.
  record UnitaryPredicate() implements Predicate {
    @Override
    public boolean holds(PassData now, @Nullable PassData before) {
      return now.blocks().elements().stream().noneMatch(element -> element instanceof Fence);
    }
  }

  /// Whether another predicate does not hold.
  record NotPredicate(Predicate predicate) implements Predicate {
    @Override
    public boolean holds(PassData now, @Nullable PassData before) {
      return !predicate.holds(now, before);
    }
  }
}
