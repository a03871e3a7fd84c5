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
/// On each qubit the nodes form groups: blocks along one axis commute and share a group, anything
/// else is a group of its own, and every node of a group comes after every node of the group before
/// it. Parallel axes are an equivalence, so it is enough to compare with one member of the last
/// group. A classical bit is a wire too, of nodes one after the other: a measurement writes one
/// bit, a condition reads a whole register ([Register]).
final class WireOrder {
  /// The largest group; more would make dependencies quadratic.
  private static final int GROUP_LIMIT = 48;

  private final Group[] last;
  private final Register[] registers;
  private int nextNode;
  private int nextGroup;

  WireOrder(int qubits, List<ClassicalRegister> registers) {
    last = new Group[qubits];
    Arrays.setAll(last, qubit -> new Group(-1, null, List.of()));
    this.registers = new Register[registers.size()];
    Arrays.setAll(this.registers, r -> new Register(registers.get(r).size()));
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
    int[] qubits = operation.location().toArray();
    int[] groups = new int[qubits.length];
    for (int i = 0; i < qubits.length; i++) {
      groups[i] = join(qubits[i], null, predecessors).number;
    }
    addBits(operation, predecessors);
    nextNode++;
    return new Place(List.copyOf(predecessors), groups[0], groups[groups.length > 1 ? 1 : 0]);
  }

  private void addBits(Operation operation, Set<Integer> predecessors) {
    switch (operation) {
      case Measurement m -> registers[m.register()].write(m.bit(), nextNode, predecessors);
      case Conditional c -> {
        registers[c.register()].read(nextNode, predecessors);
        addBits(c.body(), predecessors);
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

  /// A classical register's bits. Who reads it waits for the last node on each of its bits and is
  /// then the last on all of them, which is kept once: a register may have thousands of bits and as
  /// many readers.
  private static final class Register {
    /// For each bit the last node that wrote it; of no matter if the register was read since.
    private final int[] writers;

    private final List<Integer> bitsWrittenSince = new ArrayList<>();
    private int reader = -1;

    Register(int size) {
      writers = new int[size];
      Arrays.fill(writers, -1);
    }

    void write(int bit, int node, Set<Integer> predecessors) {
      int before = Math.max(writers[bit], reader);
      if (before == node) {
        return;
      }
      if (before >= 0) {
        predecessors.add(before);
      }
      if (writers[bit] <= reader) {
        bitsWrittenSince.add(bit);
      }
      writers[bit] = node;
    }

    void read(int node, Set<Integer> predecessors) {
      for (int bit : bitsWrittenSince) {
        predecessors.add(writers[bit]);
      }
      if (reader >= 0 && bitsWrittenSince.size() < writers.length) {
        predecessors.add(reader);
      }
      bitsWrittenSince.clear();
      reader = node;
    }
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
