package io.quern.protocol;

import java.util.Arrays;
import java.util.function.Function;

/// An argument or result as it came over a link. Nodes that only pass it on leave it as it is; it
/// is read where it is used.
public final class EncodedValue {
  private final byte[] bytes;
  private final Function<byte[], Object> decoder;

  /// @param bytes not copied: the caller gives them away
  public EncodedValue(byte[] bytes, Function<byte[], Object> decoder) {
    this.bytes = bytes;
    this.decoder = decoder;
  }

  /// The value itself, whether it came over a link or not.
  public static Object decoded(Object value) {
    return value instanceof EncodedValue encoded ? encoded.decoder.apply(encoded.bytes) : value;
  }

  public int size() {
    return bytes.length;
  }

  /// Its bytes; not to be changed.
  @SuppressWarnings("ArrayReturn")
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedValue that && Arrays.equals(bytes, that.bytes);
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
