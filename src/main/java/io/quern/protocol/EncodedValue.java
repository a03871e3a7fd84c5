package io.quern.protocol;

import io.quern.task.Blob;
import java.util.function.Function;

/// An argument or result as it came over a link: a [Blob] and how it is read. Nodes that only pass
/// it on leave it as it is; it is read where it is used. Equal by its bytes.
public final class EncodedValue {
  private final Blob blob;
  private final Function<byte[], Object> decoder;

  public EncodedValue(Blob blob, Function<byte[], Object> decoder) {
    this.blob = blob;
    this.decoder = decoder;
  }

  /// The value itself, whether it came over a link or not.
  public static Object decoded(Object value) {
    return value instanceof EncodedValue encoded
        ? encoded.decoder.apply(encoded.blob.bytes())
        : value;
  }

  /// Its bytes, as they are sent on.
  public Blob blob() {
    return blob;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedValue that && blob.equals(that.blob);
  }

  @Override
  public int hashCode() {
    return blob.hashCode();
  }

  @Override
  public String toString() {
    return blob.toString();
  }
}
