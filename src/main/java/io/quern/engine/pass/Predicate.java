package io.quern.engine.pass;

import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockWriter;
import io.quern.engine.simulation.UnitarySimulator;
import java.util.List;
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

  /// Whether all predicates hold.
  record AndPredicate(List<Predicate> predicates) implements Predicate {
    public AndPredicate {
      predicates = List.copyOf(predicates);
    }

    @Override
    public boolean holds(PassData now, @Nullable PassData before) {
      return predicates.stream().allMatch(predicate -> predicate.holds(now, before));
    }
  }

  /// Whether one of some predicates holds.
  record OrPredicate(List<Predicate> predicates) implements Predicate {
    public OrPredicate {
      predicates = List.copyOf(predicates);
    }

    @Override
    public boolean holds(PassData now, @Nullable PassData before) {
      return predicates.stream().anyMatch(predicate -> predicate.holds(now, before));
    }
  }

  /// Whether a measure of the circuit is another than when last asked; true the first time.
  record MeasureChangePredicate(CircuitMeasure measure) implements Predicate {
    @Override
    public boolean holds(PassData now, @Nullable PassData before) {
      return before == null
          || measure.of(now.blocks(), now.gates()) != measure.of(before.blocks(), before.gates());
    }
  }

  /// Whether every block is at most one gate of the machine.
  record MultiPhysicalPredicate() implements Predicate {
    @Override
    public boolean holds(PassData now, @Nullable PassData before) {
      return now.blocks().elements().stream()
          .allMatch(
              element ->
                  !(element instanceof Block block)
                      || now.entangler().cost(block.x(), block.y(), block.z()) <= 1);
    }
  }

  /// Whether one-qubit gates are the machine's: always, as they are written in its gates last.
  record SinglePhysicalPredicate() implements Predicate {
    @Override
    public boolean holds(PassData now, @Nullable PassData before) {
      return true;
    }
  }

  /// Whether the circuit lies on the machine's qubits, each block one of its gates on coupled ones.
  record PhysicalPredicate() implements Predicate {
    @Override
    public boolean holds(PassData now, @Nullable PassData before) {
      return new MultiPhysicalPredicate().holds(now, before)
          && now.blocks().uncoupled(now.machine().coupling()) == null
          && now.isMapped();
    }
  }

  /// Whether the machine has gates on three qubits or more. The circuit has none once it was read.
  record ManyQuditGatesPredicate() implements Predicate {
    @Override
    public boolean holds(PassData now, @Nullable PassData before) {
      return now.machine().gates().gates().stream().anyMatch(gate -> gate.qubits() > 2);
    }
  }

  /// Whether the circuit's unitary is diagonal up to a distance (D1); false beyond [#MOST_QUBITS]
  /// qubits and with measurements.
  record DiagonalPredicate(double threshold) implements Predicate {
    /// The widest circuit whose unitary is computed.
    public static final int MOST_QUBITS = 8;

    @Override
    public boolean holds(PassData now, @Nullable PassData before) {
      BlockCircuit blocks = now.blocks();
      if (blocks.qubits() > MOST_QUBITS || !new UnitaryPredicate().holds(now, before)) {
        return false;
      }
      double[] unitary = UnitarySimulator.unitary(BlockWriter.write(blocks, now.gates()));
      int size = 1 << blocks.qubits();
      double sum = 0;
      for (int i = 0; i < size; i++) {
        int at = 2 * (i * size + i);
        sum += Math.hypot(unitary[at], unitary[at + 1]);
      }
      return 1 - sum / size <= threshold;
    }
  }
}
