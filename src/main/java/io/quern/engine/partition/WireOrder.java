package io.quern.engine.partition;

import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Finds which nodes must come after which, while nodes are added in the circuit's order.
///
/// Wires are the qubits and the classical bits. On each the nodes form groups: blocks along one
/// axis commute and share a group, anything else is a group of its own, and every node of a group
/// comes after every node of the group before it. Parallel axes are an equivalence, so it is enough
/// to compare with one member of the last group.
final class WireOrder {
  /// The largest group; more would make dependencies quadratic.
  private static final int GROUP_LIMIT = 48;

  private final int[] bitOffset;
  private final Group[] last;
  private int nextNode;
  private int nextGroup;

  WireOrder(int qubits, List<ClassicalRegister> registers) {
    bitOffset = new int[registers.size() + 1];
    bitOffset[0] = qubits;
    for (int r = 0; r < registers.size(); r++) {
      bitOffset[r + 1] = bitOffset[r] + registers.get(r).size();
    }
    last = new Group[bitOffset[registers.size()]];
    Arrays.setAll(last, wire -> new Group(-1, null, List.of()));
  }

  /// What one node has to wait for.
  ///
  /// @param predecessors nodes directly before it, ascending
  /// @param groupA its group on its first wire
  /// @param groupB its group on its second wire, or that on its first if it has one only
  record Place(List<Integer> predecessors, int groupA, int groupB) {}

  Place add(Block block) {
    Set<Integer> predecessors = new TreeSet<>();
    Group groupA = join(block.a(), block, predecessors);
    Group groupB = join(block.b(), block, predecessors);
    nextNode++;
    return new Place(List.copyOf(predecessors), groupA.number, groupB.number);
  }

  Place add(Operation operation) {
    Set<Integer> predecessors = new TreeSet<>();
    Set<Integer> bits = new TreeSet<>();
    addBits(operation, bits);
    int[] qubits = operation.location().toArray();
    int[] groups = new int[qubits.length];
    for (int i = 0; i < qubits.length; i++) {
      groups[i] = join(qubits[i], null, predecessors).number;
    }
    for (int bit : bits) {
      join(bit, null, predecessors);
    }
    nextNode++;
    return new Place(List.copyOf(predecessors), groups[0], groups[groups.length > 1 ? 1 : 0]);
  }

  private void addBits(Operation operation, Set<Integer> bits) {
    switch (operation) {
      case Measurement m -> bits.add(bitOffset[m.register()] + m.bit());
      case Conditional c -> {
        for (int bit = bitOffset[c.register()]; bit < bitOffset[c.register() + 1]; bit++) {
          bits.add(bit);
        }
        addBits(c.body(), bits);
      }
      case Barrier _, Reset _, GateOperation _ -> {}
    }
  }

  private Group join(int wire, @Nullable Block block, Set<Integer> predecessors) {
    Group group = last[wire];
    boolean commutes =
        block != null
            && group.axis != null
            && group.members.size() < GROUP_LIMIT
            && block.parallel(group.axis, wire) != 0;
    if (!commutes) {
      group = new Group(nextGroup++, block, group.members);
      last[wire] = group;
    }
    group.members.add(nextNode);
    predecessors.addAll(group.before);
    return group;
  }

  private static final class Group {
    private final int number;

    /// A block whose axis on the wire all members share, or null.
    private final @Nullable Block axis;

    private final List<Integer> before;
    private final List<Integer> members = new ArrayList<>();

    Group(int number, @Nullable Block axis, List<Integer> before) {
      this.number = number;
      this.axis = axis;
      this.before = before;
    }
  }
}
