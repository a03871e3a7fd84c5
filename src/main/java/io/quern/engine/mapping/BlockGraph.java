package io.quern.engine.mapping;

import io.quern.engine.circuit.Operation;
import java.util.List;

/// A circuit as two-qubit blocks, one-qubit gates and other steps, with the order they need.
///
/// Steps on one wire form groups: steps of one group commute, and every step of a group comes after
/// every step of the group before it. A wire is a qubit or a classical bit; wires 0 to qubits - 1
/// are the qubits, in the order of the circuit unless a SWAP of the circuit was taken as a renaming
/// (see [#finalWire]). Steps are numbered in an order that keeps to all of this.
///
/// Made by [BlockCollector].
final class BlockGraph {
  private final int qubits;
  private final List<List<Group>> wires;
  private final List<Step> steps;
  private final int[] finalWire;

  BlockGraph(int qubits, List<List<Group>> wires, List<Step> steps, int[] finalWire) {
    this.qubits = qubits;
    this.wires = wires;
    this.steps = steps;
    this.finalWire = finalWire;
  }

  int qubits() {
    return qubits;
  }

  /// The groups of each wire, qubits first.
  List<List<Group>> wires() {
    return wires;
  }

  List<Step> steps() {
    return steps;
  }

  /// The wire that holds a qubit's state at the end; at the start qubit q is on wire q.
  int finalWire(int qubit) {
    return finalWire[qubit];
  }

  /// CX gates of all blocks and guarded two-qubit gates together.
  int cost() {
    int sum = 0;
    for (Step step : steps) {
      sum += step.cost();
    }
    return sum;
  }

  /// What a step is to the router.
  enum Kind {
    /// A one-qubit gate; it changes nothing for the router.
    LOCAL,
    /// Gates on one pair of qubits that count as one two-qubit unitary.
    BLOCK,
    /// A guarded two-qubit gate: needs neighbours, merges with nothing.
    GUARDED_PAIR,
    /// A measurement, reset, barrier or guarded one-qubit gate: merges with nothing.
    OTHER
  }

  /// One step.
  ///
  /// @param number position in [BlockGraph#steps]
  /// @param wires qubits first, for a block ascending; then classical bits
  /// @param qubits how many of the wires are qubits
  /// @param operations what is carried out, in order, on wires
  /// @param cost CX gates of the step
  /// @param costWithSwap CX gates of the step with a SWAP of its pair merged into it
  record Step(
      int number,
      Kind kind,
      List<Integer> wires,
      int qubits,
      List<Operation> operations,
      int cost,
      int costWithSwap) {

    boolean needsNeighbours() {
      return kind == Kind.BLOCK || kind == Kind.GUARDED_PAIR;
    }
  }

  /// Steps of one wire that commute with each other, by number.
  record Group(List<Integer> steps) {}
}
