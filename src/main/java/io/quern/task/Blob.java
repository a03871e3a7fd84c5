package io.quern.task;

import java.util.Arrays;

/// Bytes as a value: what the store keeps and never looks into. Immutable.
public final class Blob {
  private final byte[] bytes;

  private Blob(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @param bytes not copied: the caller gives them away
  public static Blob of(byte[] bytes) {
    return new Blob(bytes);
  }

  public int size() {
    return bytes.length;
  }

  /// The bytes; not to be changed.
  @SuppressWarnings("ArrayReturn")
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
