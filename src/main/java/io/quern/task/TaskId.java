package io.quern.task;

import java.util.UUID;

/// A compilation task's identity: a UUID of version 7, so ids sort by time of submission.
public record TaskId(UUID value) implements Comparable<TaskId> {

  /// @throws IllegalArgumentException unless in the canonical 36-character form
  public static TaskId parse(String text) {
    if (text.length() != 36) {
      throw new IllegalArgumentException("a task id has 36 characters, found " + text.length());
    }
    return new TaskId(UUID.fromString(text));
  }

  @Override
  public int compareTo(TaskId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
