package io.quern.task;

import java.util.Arrays;

/// Bytes that are kept and handed on as they are. Immutable; equal by their bytes.
public final class Payload {
  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @param bytes not copied, so they must not change any more
  public static Payload of(byte[] bytes) {
    return new Payload(bytes);
  }

  /// In bytes.
  public int size() {
    return bytes.length;
  }

  /// The bytes themselves; not copied, so they must not be changed.
  public byte[] toBytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload payload && Arrays.equals(bytes, payload.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
