package io.quern.engine.qasm;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.qasm.Names.Bits;
import io.quern.engine.qasm.Statement.Argument;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gives statements their meaning: resolves names, broadcasts registers, expands gates. Used for
/// one program by one thread.
final class Lowering {
  private static final double[] NO_VALUES = {};

  /// Qubits all barriers may name together, for each operation allowed: wide barriers are short to
  /// write and long to keep.
  private static final int BARRIER_QUBITS_PER_OPERATION = 16;

  /// Steps all expansions may take together, for each operation allowed: an expression within a
  /// gate that is applied many times is short to write and long to evaluate.
  private static final int WORK_PER_OPERATION = 8;

  private final Source source;
  private final QasmLimits limits;
  private final Names names;
  private final Expansion expansion;
  private final List<Operation> operations = new ArrayList<>();

  /// What guards the step being lowered.
  private @Nullable Condition condition;

  private @Nullable Location lastFence;
  private long fenceQubits;
  private long work;

  Lowering(Source source, QasmLimits limits) {
    this.source = source;
    this.limits = limits;
    this.names = new Names(source, limits);
    this.expansion = new Expansion(source, this::add);
  }

  void lower(Statement statement) {
    switch (statement) {
      case Statement.Include include -> names.include(include);
      case Statement.Register register -> names.declare(register);
      case Statement.OpaqueDeclaration opaque ->
          names.define(
              opaque.name(),
              new Definition.Opaque(opaque.parameters(), opaque.qubits()),
              opaque.offset());
      case Statement.GateDefinition definition -> define(definition);
      case Statement.Call call -> apply(call);
      case Statement.Fence fence -> fence(fence);
      case Statement.Measure measure -> measure(measure);
      case Statement.ResetTo0 reset -> reset(reset);
      case Statement.If conditional -> conditional(conditional);
    }
  }

  /// The circuit of everything lowered so far.
  Circuit circuit() {
    int end = source.text().length();
    if (names.qubits() == 0) {
      throw source.semanticError(end, "the program declares no qubits: a 'qreg' is missing");
    }
    List<ClassicalRegister> classical = names.classicalRegisters();
    Circuit.Builder builder = Circuit.builder(names.qubits(), classical);
    for (Operation operation : operations) {
      builder.add(operation);
    }
    return builder.build();
  }

  private void define(Statement.GateDefinition definition) {
    Map<String, Integer> places = new HashMap<>();
    for (String qubit : definition.qubits()) {
      places.put(qubit, places.size());
    }
    List<Definition.Step> steps = new ArrayList<>(definition.body().size());
    for (Statement step : definition.body()) {
      switch (step) {
        case Statement.Fence fence ->
            steps.add(new Definition.Fence(places(fence.arguments(), places, true)));
        case Statement.Call call -> {
          if (call.name().equals(definition.name())) {
            throw source.semanticError(
                call.offset(), "gate '" + call.name() + "' cannot be part of its own definition");
          }
          Definition gate = resolve(call);
          int[] on = places(call.arguments(), places, false);
          steps.add(new Definition.Application(gate, call.parameters(), call.offset(), on));
        }
        default -> throw new IllegalStateException("not a step of a gate: " + step);
      }
    }
    Definition.Composite composite =
        Definition.Composite.of(definition.parameters(), definition.qubits().size(), steps);
    if (composite.depth() > limits.maxNesting()) {
      throw source.tooLarge(
          definition.offset(),
          "max_nesting",
          limits.maxNesting(),
          "gates are defined by gates at most " + limits.maxNesting() + " deep");
    }
    names.define(
        definition.name(),
        KnownMeaning.of(definition.name(), composite, source),
        definition.offset());
  }

  /// Where in its definition the qubits of a step stand.
  private int[] places(List<Argument> arguments, Map<String, Integer> places, boolean isFence) {
    int[] found = new int[arguments.size()];
    BitSet seen = new BitSet();
    int count = 0;
    for (Argument argument : arguments) {
      Integer place = places.get(argument.name());
      if (place == null) {
        throw source.semanticError(
            argument.offset(), "'" + argument.name() + "' is not a qubit of this gate");
      }
      if (!seen.get(place)) {
        seen.set(place);
        found[count++] = place;
      } else if (!isFence) {
        throw sameQubitTwice(argument);
      }
    }
    return Arrays.copyOf(found, count);
  }

  /// The gate a call means, with its numbers of parameters and qubits checked.
  private Definition resolve(Statement.Call call) {
    Definition gate = names.gate(call.name(), call.offset());
    if (call.parameters().size() != gate.parameters()) {
      throw source.semanticError(
          call.offset(),
          call.name()
              + " takes "
              + count(gate.parameters(), "parameter")
              + ", found "
              + call.parameters().size());
    }
    if (call.arguments().size() != gate.qubits()) {
      throw source.semanticError(
          call.offset(),
          call.name()
              + " acts on "
              + count(gate.qubits(), "qubit")
              + ", found "
              + call.arguments().size());
    }
    return gate;
  }

  private void apply(Statement.Call call) {
    Definition gate = resolve(call);
    double[] values = expansion.values(call.parameters(), NO_VALUES);
    int count = call.arguments().size();
    int[] first = new int[count];
    boolean[] isWhole = new boolean[count];
    int times = -1;
    for (int i = 0; i < count; i++) {
      Argument argument = call.arguments().get(i);
      Bits bits = names.quantum(argument);
      first[i] = bits.first();
      isWhole[i] = argument.isWhole();
      if (isWhole[i]) {
        if (times >= 0 && times != bits.size()) {
          throw source.semanticError(
              argument.offset(),
              "registers of a gate have one size: expected "
                  + times
                  + " qubits, found "
                  + bits.size()
                  + " in '"
                  + argument.name()
                  + "'");
        }
        times = bits.size();
      }
    }
    times = Math.max(times, 1);
    reserve(gate.operations(), times, call.offset());
    reserveWork(gate.work(), times, call.offset());
    for (int t = 0; t < times; t++) {
      int[] qubits = new int[count];
      for (int i = 0; i < count; i++) {
        qubits[i] = isWhole[i] ? first[i] + t : first[i];
        for (int j = 0; j < i; j++) {
          if (qubits[i] == qubits[j]) {
            throw sameQubitTwice(call.arguments().get(i));
          }
        }
      }
      expansion.apply(gate, values, qubits, call.offset());
    }
  }

  private void fence(Statement.Fence fence) {
    BitSet seen = new BitSet();
    List<Integer> qubits = new ArrayList<>();
    for (Argument argument : fence.arguments()) {
      Bits bits = names.quantum(argument);
      for (int q = bits.first(); q < bits.first() + bits.size(); q++) {
        if (!seen.get(q)) {
          seen.set(q);
          qubits.add(q);
        }
      }
    }
    reserve(1, 1, fence.offset());
    add(new Barrier(Location.of(qubits.stream().mapToInt(Integer::intValue).toArray())));
  }

  private void measure(Statement.Measure measure) {
    Bits from = names.quantum(measure.from());
    Bits to = names.classical(measure.to());
    if (measure.from().isWhole() != measure.to().isWhole() || from.size() != to.size()) {
      throw source.semanticError(
          measure.to().offset(),
          "a measurement needs as many bits as qubits: expected "
              + describe(measure.from(), from)
              + ", found "
              + describe(measure.to(), to));
    }
    if (condition != null && condition.register() == to.register() && to.size() > 1) {
      throw source.semanticError(
          measure.offset(),
          "a conditional measurement of a whole register into the register it tests has no one"
              + " meaning; write it bit by bit");
    }
    reserve(1, from.size(), measure.offset());
    for (int i = 0; i < from.size(); i++) {
      add(new Measurement(from.first() + i, to.register(), to.first() + i));
    }
  }

  private void reset(Statement.ResetTo0 reset) {
    Bits bits = names.quantum(reset.argument());
    reserve(1, bits.size(), reset.offset());
    for (int i = 0; i < bits.size(); i++) {
      add(new Reset(bits.first() + i));
    }
  }

  private void conditional(Statement.If conditional) {
    Bits tested =
        names.classical(new Argument(conditional.register(), Argument.WHOLE, conditional.offset()));
    condition = new Condition(tested.register(), conditional.value());
    lower(conditional.body());
    condition = null;
  }

  private void add(Operation operation) {
    if (operation instanceof Barrier(Location location)) {
      // A barrier holds back nothing less for being part of a gate under a condition.
      operations.add(new Barrier(share(location)));
    } else if (condition == null) {
      operations.add(operation);
    } else {
      operations.add(new Conditional(condition.register(), condition.value(), operation));
    }
  }

  /// The same location as one object where barriers repeat, within the room for barriers.
  private Location share(Location location) {
    Location last = lastFence;
    if (last != null && last.equals(location)) {
      return last;
    }
    fenceQubits += location.size();
    long allowed = (long) BARRIER_QUBITS_PER_OPERATION * limits.maxOperations();
    if (fenceQubits > allowed) {
      throw source.tooLarge(
          source.text().length(),
          "max_operations",
          limits.maxOperations(),
          "the barriers of a program name at most " + allowed + " qubits together");
    }
    lastFence = location;
    return location;
  }

  /// Refuses what would be too many operations before any of them is made.
  private void reserve(long operationsEach, int times, int offset) {
    int left = limits.maxOperations() - operations.size();
    if (operationsEach > left / times) {
      throw source.tooLarge(
          offset,
          "max_operations",
          limits.maxOperations(),
          "a circuit has at most "
              + limits.maxOperations()
              + " operations once its gates are expanded; this statement goes beyond");
    }
  }

  private void reserveWork(long each, int times, int offset) {
    long allowed = (long) WORK_PER_OPERATION * limits.maxOperations();
    if (each > (allowed - work) / times) {
      throw source.tooLarge(
          offset,
          "max_operations",
          limits.maxOperations(),
          "writing out the gates of a circuit takes at most "
              + allowed
              + " steps, parts of expressions included; this statement goes beyond");
    }
    work += each * times;
  }

  private QasmException sameQubitTwice(Argument argument) {
    String shown =
        argument.isWhole() ? argument.name() : argument.name() + "[" + argument.index() + "]";
    return source.semanticError(
        argument.offset(), "a gate acts on different qubits, found '" + shown + "' twice");
  }

  private static String describe(Argument argument, Bits bits) {
    return argument.isWhole()
        ? "a register of " + bits.size()
        : "the single bit '" + argument.name() + "[" + argument.index() + "]'";
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /// @param register index of the classical register
  private record Condition(int register, BigInteger value) {}
}
