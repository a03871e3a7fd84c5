package io.quern.protocol.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes protobuf's wire format into one growing array, in one pass: the length of a nested
/// message is filled in when it ends, padded to a fixed width, which every reader of the format
/// accepts.
///
/// Not thread-safe.
public final class WireWriter {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;

  /// Bytes of a padded length: 35 bits, more than any array has.
  private static final int PADDED = 5;

  private byte[] bytes;
  private int size;

  public WireWriter(int capacity) {
    bytes = new byte[capacity];
  }

  public int size() {
    return size;
  }

  /// Forgets everything written.
  public void clear() {
    size = 0;
  }

  /// Forgets what was written beyond a size.
  public void truncate(int to) {
    size = to;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /// A copy of a part of what was written.
  public byte[] copy(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      long wanted = Math.max((long) size + more, 2L * bytes.length);
      if ((long) size + more > Integer.MAX_VALUE - 16) {
        throw new ValueTooLargeException((long) size + more, Integer.MAX_VALUE - 16);
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
    }
  }

  public void rawByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  public void rawVarint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /// A number that may be negative and is mostly small.
  public void rawZigzag(long value) {
    rawVarint((value << 1) ^ (value >> 63));
  }

  public void rawFixed64(long value) {
    reserve(8);
    for (int i = 0; i < 8; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
  }

  public void rawBytes(byte[] value) {
    rawVarint(value.length);
    reserve(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  public void rawString(String value) {
    int length = value.length();
    if (length < 128) {
      // Most strings are short ASCII: one byte of length and one for each character.
      reserve(length + 1);
      int mark = size;
      bytes[size++] = (byte) length;
      for (int i = 0; i < length; i++) {
        char c = value.charAt(i);
        if (c >= 128) {
          size = mark;
          rawBytes(value.getBytes(StandardCharsets.UTF_8));
          return;
        }
        bytes[size++] = (byte) c;
      }
      return;
    }
    rawBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  void tag(int field, int type) {
    rawVarint(((long) field << 3) | type);
  }

  /// A varint field; left out if it is 0, which is what a reader takes a missing one for.
  void varint(int field, long value) {
    if (value != 0) {
      tag(field, VARINT);
      rawVarint(value);
    }
  }

  /// A `sint64` field; left out if it is 0.
  void zigzag(int field, long value) {
    if (value != 0) {
      tag(field, VARINT);
      rawZigzag(value);
    }
  }

  /// A `fixed64` field; left out if it is 0.
  void fixed64(int field, long value) {
    if (value != 0) {
      tag(field, FIXED64);
      rawFixed64(value);
    }
  }

  void string(int field, String value) {
    if (!value.isEmpty()) {
      tag(field, LENGTH);
      rawString(value);
    }
  }

  void bytes(int field, byte[] value) {
    tag(field, LENGTH);
    rawBytes(value);
  }

  /// Begins a nested message or bytes; returns what [#end] needs.
  int begin(int field) {
    tag(field, LENGTH);
    reserve(PADDED);
    size += PADDED;
    return size;
  }

  void end(int begun) {
    long length = (long) size - begun;
    for (int i = PADDED; i > 0; i--) {
      bytes[begun - i] = (byte) ((length & 0x7F) | (i == 1 ? 0 : 0x80));
      length >>>= 7;
    }
  }
}
