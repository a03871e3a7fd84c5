package io.quern.runtime;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;

/// The sets of labels that waiting compilation tasks require, by the kinds of slots that suit them.
/// However many sets there are, a round looks at one of each group: sets that the same kinds suit
/// wait for the same room and take turns at it, and those that none suits are looked at when
/// something has changed.
final class RequiredLabels {

  /// Sets that the same kinds of slots suit; whose turn it is first.
  static final class Group {
    private final BitSet kinds;
    private final SequencedSet<List<String>> sets = new LinkedHashSet<>();

    private Group(BitSet kinds) {
      this.kinds = kinds;
    }

    /// One of the sets; there is as much room for any.
    List<String> any() {
      return sets.getFirst();
    }

    boolean isEmpty() {
      return sets.isEmpty();
    }
  }

  private final Map<BitSet, Group> groups = new LinkedHashMap<>();
  private final Map<List<String>, Group> groupOf = new LinkedHashMap<>();

  /// Of the sets that no kind suits, those nobody has looked at.
  private final Set<List<String>> fresh = new LinkedHashSet<>();

  private SlotKinds offered = SlotKinds.NONE;

  void add(List<String> required) {
    if (!groupOf.containsKey(required)) {
      Group group = groups.computeIfAbsent(offered.suiting(required), Group::new);
      group.sets.add(required);
      groupOf.put(required, group);
      if (group.kinds.isEmpty()) {
        fresh.add(required);
      }
    }
  }

  void remove(List<String> required) {
    Group group = groupOf.remove(required);
    if (group != null) {
      group.sets.remove(required);
      fresh.remove(required);
      if (group.isEmpty()) {
        groups.remove(group.kinds);
      }
    }
  }

  /// Who is there has changed, or not.
  void offered(SlotKinds now) {
    if (now.isSame(offered)) {
      return;
    }
    offered = now;
    List<List<String>> all = new ArrayList<>(groupOf.keySet());
    groups.clear();
    groupOf.clear();
    fresh.clear();
    all.forEach(this::add);
  }

  /// All that no kind suits are to be looked at.
  void lookAgain() {
    Group unsuited = groups.get(new BitSet());
    if (unsuited != null) {
      fresh.addAll(unsuited.sets);
    }
  }

  /// Sets that no kind suits and that nobody has looked at since they came or something changed.
  List<List<String>> takeFresh() {
    if (fresh.isEmpty()) {
      return List.of();
    }
    List<List<String>> taken = new ArrayList<>(fresh);
    fresh.clear();
    return taken;
  }

  /// The groups for which there are slots.
  List<Group> suited() {
    List<Group> suited = new ArrayList<>(groups.size());
    for (Group each : groups.values()) {
      if (!each.kinds.isEmpty()) {
        suited.add(each);
      }
    }
    return suited;
  }

  /// The set whose turn it is; then it is another's.
  List<String> next(Group group) {
    List<String> next = group.sets.removeFirst();
    group.sets.addLast(next);
    return next;
  }
}
