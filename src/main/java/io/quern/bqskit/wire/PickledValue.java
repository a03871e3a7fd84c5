package io.quern.bqskit.wire;

import java.util.Arrays;

/// One Python value as a complete pickle of its own, from PROTO to STOP. Immutable; equal by its
/// bytes.
public final class PickledValue {
  private final byte[] pickle;

  private PickledValue(byte[] pickle) {
    this.pickle = pickle;
  }

  /// @param pickle a complete pickle; not copied, so it must not change any more
  public static PickledValue of(byte[] pickle) {
    return new PickledValue(pickle);
  }

  /// In bytes.
  public int size() {
    return pickle.length;
  }

  /// The pickle itself; not copied, so it must not be changed.
  public byte[] toBytes() {
    return pickle;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PickledValue value && Arrays.equals(pickle, value.pickle);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pickle);
  }

  @Override
  public String toString() {
    return "a pickle of " + pickle.length + " bytes";
  }
}
