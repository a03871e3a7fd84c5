package io.quern.engine.pass;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockElement;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.CircuitPartition;
import io.quern.engine.synthesis.Entangler;
import io.quern.engine.synthesis.NativeGates;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What the passes of one compilation work on and leave each other; not thread-safe.
public final class PassData {
  private final Circuit input;
  private final MachineModel machine;
  private final NativeGates gates;
  private final long seed;
  private final boolean permuteOutput;
  private BlockCircuit blocks;
  private List<Integer> initialMapping;
  private List<Integer> finalMapping;
  private @Nullable Circuit compiled;
  private @Nullable CircuitPartition partition;
  private @Nullable List<Integer> placement;
  private boolean isMapped;
  private boolean isCutShort;

  /// What passes of one kind leave those that follow, by its class.
  private final Map<Class<?>, Object> shared;

  /// @throws IllegalArgumentException if the machine's gate set is not universal
  public PassData(Circuit input, MachineModel machine, long seed, boolean permuteOutput) {
    this(input, machine, seed, permuteOutput, new HashMap<>());
  }

  private PassData(
      Circuit input,
      MachineModel machine,
      long seed,
      boolean permuteOutput,
      Map<Class<?>, Object> shared) {
    this.shared = shared;
    this.input = input;
    this.machine = machine;
    this.gates = NativeGates.of(machine.gates());
    this.seed = seed;
    this.permuteOutput = permuteOutput;
    this.blocks = new BlockCircuit(input.qubits(), input.classicalRegisters(), List.of(), 0);
    this.initialMapping = IntStream.range(0, input.qubits()).boxed().toList();
    this.finalMapping = initialMapping;
  }

  /// The same state to go on from elsewhere; what passes share is shared with it too.
  public PassData copy() {
    PassData copy = new PassData(input, machine, seed, permuteOutput, shared);
    copy.adopt(this);
    return copy;
  }

  /// The same state to go on from at the same time elsewhere: nothing is shared.
  public PassData branch() {
    PassData branch = new PassData(input, machine, seed, permuteOutput);
    branch.adopt(this);
    return branch;
  }

  /// Goes on with the state of another.
  public void adopt(PassData other) {
    blocks = other.blocks;
    partition = other.partition;
    initialMapping = other.initialMapping;
    finalMapping = other.finalMapping;
    placement = other.placement;
    isMapped = other.isMapped;
    compiled = other.compiled;
    isCutShort |= other.isCutShort;
  }

  /// What passes change, as a value.
  ///
  /// @param compiled null until a pass has written it
  /// @param partition null unless the blocks are cut into parts
  /// @param placement null unless a pass has chosen one
  public record State(
      BlockCircuit blocks,
      List<Integer> initialMapping,
      List<Integer> finalMapping,
      @Nullable Circuit compiled,
      @Nullable CircuitPartition partition,
      @Nullable List<Integer> placement,
      boolean isMapped,
      boolean isCutShort) {
    public State {
      initialMapping = List.copyOf(initialMapping);
      finalMapping = List.copyOf(finalMapping);
    }
  }

  /// What it is like now.
  public State state() {
    return new State(
        blocks, initialMapping, finalMapping, compiled, partition, placement, isMapped, isCutShort);
  }

  /// Goes on from where another run of the same compilation had come to.
  public void restore(State state) {
    blocks = state.blocks();
    partition = state.partition();
    placement = state.placement();
    initialMapping = state.initialMapping();
    finalMapping = state.finalMapping();
    isMapped = state.isMapped();
    compiled = state.compiled();
    isCutShort = state.isCutShort();
  }

  /// What passes of this compilation share: memory of what was tried, never a part of the result.
  public <T> T shared(Class<T> type, Supplier<T> initial) {
    return type.cast(shared.computeIfAbsent(type, _ -> initial.get()));
  }

  /// The circuit as it was submitted.
  public Circuit input() {
    return input;
  }

  public MachineModel machine() {
    return machine;
  }

  /// How the machine's gate set makes gates.
  public NativeGates gates() {
    return gates;
  }

  public Entangler entangler() {
    return gates.entangler();
  }

  public long seed() {
    return seed;
  }

  /// Whether logical qubits may end elsewhere than they start though every pair is coupled.
  public boolean permuteOutput() {
    return permuteOutput;
  }

  /// The circuit as it is now; without operations until the first pass has read the input.
  public BlockCircuit blocks() {
    return blocks;
  }

  public void setBlocks(BlockCircuit blocks) {
    this.blocks = blocks;
    this.partition = null;
  }

  /// Puts a mapped circuit in the place of the current one.
  ///
  /// @param initialMapping logical -> physical qubit at the start
  /// @param finalMapping logical -> physical qubit at the end
  public void setMapped(
      BlockCircuit blocks, List<Integer> initialMapping, List<Integer> finalMapping) {
    this.blocks = blocks;
    this.partition = null;
    this.initialMapping = List.copyOf(initialMapping);
    this.finalMapping = List.copyOf(finalMapping);
    this.isMapped = true;
  }

  /// Whether the blocks are on the machine's qubits already, rather than on logical ones.
  public boolean isMapped() {
    return isMapped;
  }

  /// The blocks cut into parts, if they were and nothing has changed them since.
  public Optional<CircuitPartition> partition() {
    return Optional.ofNullable(partition);
  }

  /// @param partition of [#blocks]
  public void setPartition(CircuitPartition partition) {
    this.partition = partition;
  }

  /// Where logical qubits shall start, before the circuit is mapped; if a pass has chosen that.
  public Optional<List<Integer>> placement() {
    return Optional.ofNullable(placement);
  }

  /// @param placement logical -> physical qubit
  public void setPlacement(List<Integer> placement) {
    this.placement = List.copyOf(placement);
  }

  /// Logical -> physical qubit at the start.
  public List<Integer> initialMapping() {
    return initialMapping;
  }

  /// Logical -> physical qubit at the end.
  public List<Integer> finalMapping() {
    return finalMapping;
  }

  /// The circuit in the machine's gates, once a pass has written it.
  ///
  /// @throws IllegalStateException if none has
  public Circuit compiled() {
    if (compiled == null) {
      throw new IllegalStateException("no pass of the workflow has written the circuit");
    }
    return compiled;
  }

  public void setCompiled(Circuit compiled) {
    this.compiled = compiled;
  }

  /// Takes the input, written gate by gate, as the result: nothing is mapped and nothing is lost.
  public void setUnchanged(Circuit plain) {
    compiled = plain;
    initialMapping = IntStream.range(0, input.qubits()).boxed().toList();
    finalMapping = initialMapping;
    blocks = new BlockCircuit(plain.qubits(), plain.classicalRegisters(), List.of(), 0);
  }

  /// Two-qubit gates the blocks need in the machine's gate set.
  public int cost() {
    return blocks.cost(entangler());
  }

  /// Two-qubit gates of the circuit as it is now, those guarded by a condition included.
  public int twoQubitGates() {
    if (compiled != null) {
      return GateSetRetargeting.twoQubitGates(compiled);
    }
    int count = cost();
    for (BlockElement element : blocks.elements()) {
      if (element instanceof Fence(Operation operation)) {
        count += GateSetRetargeting.isWide(operation) ? 1 : 0;
      }
    }
    return count;
  }

  /// Whether a pass stopped searching because the time limit had passed.
  public boolean isCutShort() {
    return isCutShort;
  }

  public void setCutShort() {
    isCutShort = true;
  }
}
