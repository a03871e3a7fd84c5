package io.quern.protocol.encoding;

import java.time.DateTimeException;

/// Writes and reads values of one type; thread-safe.
///
/// @param <T> of immutable values
public interface ValueCodec<T> {

  void write(T value, WireWriter out);

  /// @throws MalformedFrameException if the bytes are no such value
  T read(WireReader in);

  /// A value's bytes.
  default byte[] toBytes(T value) {
    WireWriter out = new WireWriter(128);
    write(value, out);
    return out.toByteArray();
  }

  /// Reads bytes that must hold one value and nothing else.
  default T fromBytes(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    T value;
    try {
      value = read(in);
    } catch (IllegalArgumentException
        | IndexOutOfBoundsException
        | ArithmeticException
        | DateTimeException e) {
      throw new MalformedFrameException("a value that cannot be: " + e.getMessage(), e);
    }
    if (in.hasMore()) {
      throw new MalformedFrameException(in.remaining() + " bytes follow a value");
    }
    return value;
  }
}
