package io.quern.runtime;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Kinds of slots: those that offer the same labels are of one kind. A set of required labels is
/// suited by some of the kinds; tasks whose sets are suited by the same kinds, or by fewer of them,
/// compete for the same slots.
final class SlotKinds {
  static final SlotKinds NONE = new SlotKinds(Map.of());

  private final Map<Set<String>, Integer> slots;
  private final List<Set<String>> kinds;

  /// @param slots how many there are, by what they offer
  SlotKinds(Map<Set<String>, Integer> slots) {
    this.slots = Map.copyOf(slots);
    kinds = new ArrayList<>(this.slots.keySet());
  }

  /// The kinds that suit a task with these requirements; one bit each.
  BitSet suiting(List<String> required) {
    BitSet suiting = new BitSet(kinds.size());
    for (int kind = 0; kind < kinds.size(); kind++) {
      suiting.set(kind, kinds.get(kind).containsAll(required));
    }
    return suiting;
  }

  int slotsOf(BitSet some) {
    int sum = 0;
    for (int kind = some.nextSetBit(0); kind >= 0; kind = some.nextSetBit(kind + 1)) {
      sum += slots.getOrDefault(kinds.get(kind), 0);
    }
    return sum;
  }

  /// Of tasks, by what they require, how many can only run where these kinds are.
  int competing(Map<List<String>, Integer> tasks, BitSet some) {
    int sum = 0;
    for (Map.Entry<List<String>, Integer> each : tasks.entrySet()) {
      BitSet suiting = suiting(each.getKey());
      if (!suiting.isEmpty()) {
        suiting.andNot(some);
        sum += suiting.isEmpty() ? each.getValue() : 0;
      }
    }
    return sum;
  }

  /// Whether there are as many slots of each kind.
  boolean isSame(SlotKinds other) {
    return slots.equals(other.slots);
  }
}
