package io.quern.engine.mapping;

import java.util.Arrays;

/// A growing list of actions as [RoutingResult] stores them.
final class ActionList {
  private int[] actions = new int[64];
  private int length;

  void clear() {
    length = 0;
  }

  void add(int action) {
    if (length == actions.length) {
      actions = Arrays.copyOf(actions, 2 * length);
    }
    actions[length++] = action;
  }

  int length() {
    return length;
  }

  int get(int index) {
    return actions[index];
  }

  void truncate(int newLength) {
    length = newLength;
  }

  int[] toArray() {
    return Arrays.copyOf(actions, length);
  }
}
