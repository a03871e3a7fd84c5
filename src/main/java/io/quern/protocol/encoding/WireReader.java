package io.quern.protocol.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads protobuf's wire format from a part of an array. Whatever the bytes are, it ends with a
/// value or a [MalformedFrameException], and takes no more memory than the bytes do.
public final class WireReader {
  private final byte[] bytes;
  private final int limit;
  private int position;

  public WireReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  WireReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    position = from;
    limit = to;
  }

  public boolean hasMore() {
    return position < limit;
  }

  /// Bytes not read yet.
  public int remaining() {
    return limit - position;
  }

  public int rawByte() {
    if (position >= limit) {
      throw new MalformedFrameException("a value ends in its middle");
    }
    return bytes[position++];
  }

  public long rawVarint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = rawByte();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new MalformedFrameException("a varint has more than ten bytes");
  }

  public long rawZigzag() {
    long value = rawVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  /// A varint that must be an int.
  public int rawInt() {
    long value = rawVarint();
    if (value != (int) value) {
      throw new MalformedFrameException("expected 32 bits, found " + value);
    }
    return (int) value;
  }

  /// A varint that must be a count: not negative, and an int.
  int rawCount() {
    long value = rawVarint();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new MalformedFrameException("expected a count, found " + value);
    }
    return (int) value;
  }

  /// A zigzag varint that must be an int.
  int rawSignedInt() {
    long value = rawZigzag();
    if (value != (int) value) {
      throw new MalformedFrameException("expected 32 bits, found " + value);
    }
    return (int) value;
  }

  /// A varint that says whether: anything but 0 does.
  boolean rawBoolean() {
    return rawVarint() != 0;
  }

  public long rawFixed64() {
    if (remaining() < 8) {
      throw new MalformedFrameException("a value ends in its middle");
    }
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value |= (bytes[position++] & 0xFFL) << (8 * i);
    }
    return value;
  }

  /// A length that must lie within what is left.
  public int rawLength() {
    long length = rawVarint();
    if (length < 0 || length > remaining()) {
      throw new MalformedFrameException(
          "a length of " + length + " where " + remaining() + " bytes are left");
    }
    return (int) length;
  }

  public byte[] rawBytes() {
    int length = rawLength();
    byte[] copy = Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return copy;
  }

  public String rawString() {
    int length = rawLength();
    String text = new String(bytes, position, length, StandardCharsets.UTF_8);
    position += length;
    return text;
  }

  /// The tag of the next field: its number times 8 plus its type.
  int tag() {
    int tag = rawInt();
    if (tag >>> 3 == 0) {
      throw new MalformedFrameException("a field has the number 0");
    }
    return tag;
  }

  /// A reader of the nested message that comes next.
  WireReader nested() {
    int length = rawLength();
    WireReader nested = new WireReader(bytes, position, position + length);
    position += length;
    return nested;
  }

  /// Passes over a field of a later version.
  void skip(int tag) {
    switch (tag & 7) {
      case WireWriter.VARINT -> rawVarint();
      case WireWriter.FIXED64 -> rawFixed64();
      case WireWriter.LENGTH -> {
        int length = rawLength();
        position += length;
      }
      case 5 -> {
        for (int i = 0; i < 4; i++) {
          rawByte();
        }
      }
      default -> throw new MalformedFrameException("a field has the type " + (tag & 7));
    }
  }
}
