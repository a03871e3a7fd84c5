package io.quern.bqskit.pickle;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The memo of Python's unpickler: values that a pickle refers to again, by number.
final class PickleMemo {
  private final PickleInput in;
  private @Nullable PickleNode[] values = new PickleNode[32];
  private int count;

  /// @param in what is read, which is refused if it asks for what is not there
  PickleMemo(PickleInput in) {
    this.in = in;
  }

  /// How many values it has.
  int count() {
    return count;
  }

  /// @param opcodes how many have been read: an honest memo has no more entries than there were,
  ///   and it takes memory up to its highest number
  void store(long index, PickleNode value, int opcodes) {
    if (index > opcodes) {
      throw in.refuse("memo index " + index + " within the first " + opcodes + " opcodes");
    }
    int at = (int) index;
    if (at >= values.length) {
      values = Arrays.copyOf(values, Math.max(at + 1, values.length + (values.length >> 1)));
    }
    if (values[at] == null) {
      count++;
    }
    values[at] = value;
  }

  PickleNode fetch(long index) {
    PickleNode value = index < values.length ? values[(int) index] : null;
    if (value == null) {
      throw in.refuse("nothing is in the memo under " + index);
    }
    return value;
  }
}
