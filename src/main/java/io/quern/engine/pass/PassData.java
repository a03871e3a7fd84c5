package io.quern.engine.pass;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.synthesis.Entangler;
import java.util.stream.IntStream;

/// What the passes of one compilation work on and leave each other; not thread-safe.
public final class PassData {
  private final Circuit input;
  private final MachineModel machine;
  private final Entangler entangler;
  private final long seed;
  private final boolean permuteOutput;
  private BlockCircuit blocks;
  private int[] initialMapping;
  private int[] finalMapping;
  private boolean isCutShort;

  /// @param blocks the input as blocks on its own qubits
  public PassData(
      Circuit input,
      MachineModel machine,
      Entangler entangler,
      long seed,
      boolean permuteOutput,
      BlockCircuit blocks) {
    this.input = input;
    this.machine = machine;
    this.entangler = entangler;
    this.seed = seed;
    this.permuteOutput = permuteOutput;
    this.blocks = blocks;
    this.initialMapping = IntStream.range(0, input.qubits()).toArray();
    this.finalMapping = initialMapping.clone();
  }

  /// The circuit as it was submitted.
  public Circuit input() {
    return input;
  }

  public MachineModel machine() {
    return machine;
  }

  public Entangler entangler() {
    return entangler;
  }

  public long seed() {
    return seed;
  }

  /// Whether logical qubits may end elsewhere than they start though every pair is coupled.
  public boolean permuteOutput() {
    return permuteOutput;
  }

  /// The circuit as it is now.
  public BlockCircuit blocks() {
    return blocks;
  }

  public void setBlocks(BlockCircuit blocks) {
    this.blocks = blocks;
  }

  /// Puts a mapped circuit in the place of the current one.
  ///
  /// @param initialMapping logical -> physical qubit at the start; not modified
  /// @param finalMapping logical -> physical qubit at the end; not modified
  public void setMapped(BlockCircuit blocks, int[] initialMapping, int[] finalMapping) {
    this.blocks = blocks;
    this.initialMapping = initialMapping.clone();
    this.finalMapping = finalMapping.clone();
  }

  /// A fresh copy: logical -> physical qubit at the start.
  public int[] initialMapping() {
    return initialMapping.clone();
  }

  /// A fresh copy: logical -> physical qubit at the end.
  public int[] finalMapping() {
    return finalMapping.clone();
  }

  /// Two-qubit gates the blocks need in the machine's gate set.
  public int cost() {
    return blocks.cost(entangler);
  }

  /// Whether a pass stopped searching because the time limit had passed.
  public boolean isCutShort() {
    return isCutShort;
  }

  public void setCutShort() {
    isCutShort = true;
  }
}
