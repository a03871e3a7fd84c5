package io.quern.bqskit.wire;

import io.quern.bqskit.pickle.Pickle;
import java.util.Arrays;

/// One Python value as a complete pickle of its own, from PROTO to STOP. Immutable; equal by its
/// bytes.
public final class PickledValue {
  private final Pickle pickle;

  private PickledValue(Pickle pickle) {
    this.pickle = pickle;
  }

  /// @param pickle a complete pickle; not copied, so it must not change any more
  public static PickledValue of(byte[] pickle) {
    return new PickledValue(Pickle.of(pickle));
  }

  public static PickledValue of(Pickle pickle) {
    return new PickledValue(pickle);
  }

  /// In bytes.
  public int size() {
    return Math.toIntExact(pickle.size());
  }

  /// The pickle itself, perhaps in pieces.
  public Pickle pickle() {
    return pickle;
  }

  /// The pickle itself in one piece; perhaps not copied, so it must not be changed.
  public byte[] toBytes() {
    return pickle.toBytes();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PickledValue value && Arrays.equals(toBytes(), value.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }

  @Override
  public String toString() {
    return "a pickle of " + pickle.size() + " bytes";
  }
}
