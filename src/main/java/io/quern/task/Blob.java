package io.quern.task;

import java.util.Arrays;

/// Bytes as a value, kept and handed on by those who never look into them. Immutable; equal by
/// their bytes.
public final class Blob {
  private final byte[] bytes;

  private Blob(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @param bytes not copied: the caller gives them away
  public static Blob of(byte[] bytes) {
    return new Blob(bytes);
  }

  /// In bytes.
  public int size() {
    return bytes.length;
  }

  /// The bytes themselves; not copied, so they must not be changed.
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Blob that && Arrays.equals(bytes, that.bytes);
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
