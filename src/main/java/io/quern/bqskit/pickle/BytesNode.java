package io.quern.bqskit.pickle;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A `bytes` or `bytearray`, kept as a slice of the frame it came in.
public final class BytesNode extends PickleNode.Referable {
  private final byte[] buffer;
  private final int offset;
  private final int length;
  private final boolean mutable;

  BytesNode(byte[] buffer, int offset, int length, boolean mutable) {
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
    this.mutable = mutable;
  }

  /// @param bytes the value itself, not copied: the caller leaves it unchanged
  public BytesNode(byte[] bytes) {
    this(bytes, 0, bytes.length, false);
  }

  public int length() {
    return length;
  }

  /// Whether it is a `bytearray`.
  public boolean isMutable() {
    return mutable;
  }

  byte[] buffer() {
    return buffer;
  }

  int offset() {
    return offset;
  }

  /// The bytes where they are, read-only.
  public ByteBuffer view() {
    return ByteBuffer.wrap(buffer, offset, length).slice().asReadOnlyBuffer();
  }

  /// A copy of the bytes.
  public byte[] toArray() {
    return Arrays.copyOfRange(buffer, offset, offset + length);
  }

  /// The tree of the pickle that these bytes are.
  ///
  /// @throws PickleException if they are none
  public PickleNode unpickle(PickleLimits limits) {
    return PickleReader.read(buffer, offset, length, limits);
  }

  @Override
  public String toString() {
    return length + " bytes";
  }
}
