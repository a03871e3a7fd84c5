package io.quern.bqskit.pickle;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The bytes of a pickle in pieces: what was written, and long byte strings that are still where
/// they were read.
public final class Pickle {
  /// Byte strings from this length on are not copied, if they are a good part of what they are in.
  private static final int LONG = 64 << 10;

  /// Keeping a piece keeps the whole array it is in: not more than so many times its length.
  private static final int MAX_KEPT = 8;

  /// A part of an array, which nobody changes any more.
  private record Piece(Bytes in, int offset, int length) {}

  /// An array in a record would make it equal by identity, so it has a name of its own.
  private static final class Bytes {
    private final byte[] array;

    Bytes(byte[] array) {
      this.array = array;
    }
  }

  private final List<Piece> pieces = new ArrayList<>(1);
  private byte[] buffer;
  private int start;
  private int used;
  private long closed;

  Pickle() {
    this(256);
  }

  private Pickle(int room) {
    buffer = new byte[room];
  }

  /// The pickle that is in an array, which must not change any more.
  public static Pickle of(byte[] bytes) {
    Pickle whole = new Pickle(0);
    whole.pieces.add(new Piece(new Bytes(bytes), 0, bytes.length));
    whole.closed = bytes.length;
    return whole;
  }

  /// Number of bytes.
  public long size() {
    return closed + (used - start);
  }

  /// The pieces in order, each ready to be read; every call makes new buffers over the same bytes.
  public List<ByteBuffer> buffers() {
    List<ByteBuffer> all = new ArrayList<>(pieces.size() + 2);
    for (Piece piece : pieces) {
      all.add(ByteBuffer.wrap(piece.in().array, piece.offset(), piece.length()).slice());
    }
    if (used > start) {
      all.add(ByteBuffer.wrap(buffer, start, used - start).slice());
    }
    return all;
  }

  /// All bytes in one array, copied unless they are in one already.
  ///
  /// @throws IllegalStateException if they are more than an array holds
  public byte[] toBytes() {
    if (used == start
        && pieces.size() == 1
        && pieces.getFirst().length() == pieces.getFirst().in().array.length) {
      return pieces.getFirst().in().array;
    }
    if (size() > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException("expected at most 2^31 - 9 bytes, found " + size());
    }
    byte[] all = new byte[(int) size()];
    int at = 0;
    for (Piece piece : pieces) {
      System.arraycopy(piece.in().array, piece.offset(), all, at, piece.length());
      at += piece.length();
    }
    System.arraycopy(buffer, start, all, at, used - start);
    return all;
  }

  /// The byte at an index.
  int at(long index) {
    long left = index;
    for (Piece piece : pieces) {
      if (left < piece.length()) {
        return piece.in().array[piece.offset() + (int) left] & 0xFF;
      }
      left -= piece.length();
    }
    if (left >= used - start) {
      throw new IndexOutOfBoundsException("byte " + index + " of " + size());
    }
    return buffer[start + (int) left] & 0xFF;
  }

  void put(int value) {
    room(1);
    buffer[used++] = (byte) value;
  }

  void putLittle(long value, int bytes) {
    room(bytes);
    for (int i = 0; i < bytes; i++) {
      buffer[used++] = (byte) (value >>> (8 * i));
    }
  }

  void putBig(long value) {
    putLittle(Long.reverseBytes(value), 8);
  }

  /// @param bytes left unchanged for as long as this pickle is in use
  void put(byte[] bytes, int offset, int length) {
    if (length < LONG || (long) length * MAX_KEPT < bytes.length) {
      room(length);
      System.arraycopy(bytes, offset, buffer, used, length);
      used += length;
      return;
    }
    close();
    pieces.add(new Piece(new Bytes(bytes), offset, length));
    closed += length;
  }

  /// Puts the bytes of another pickle between two indices.
  void put(Pickle other, long from, long to) {
    long at = 0;
    for (Piece piece : other.pieces) {
      putPart(piece.in().array, piece.offset(), at, piece.length(), from, to);
      at += piece.length();
    }
    putPart(other.buffer, other.start, at, other.used - other.start, from, to);
  }

  private void putPart(byte[] bytes, int offset, long at, int length, long from, long to) {
    long first = Math.max(at, from);
    long last = Math.min(at + length, to);
    if (first < last) {
      put(bytes, offset + (int) (first - at), (int) (last - first));
    }
  }

  /// What was written so far becomes a piece.
  private void close() {
    if (used > start) {
      pieces.add(new Piece(new Bytes(buffer), start, used - start));
      closed += used - start;
      start = used;
    }
  }

  /// Nothing more will be written: gives back what room is left over.
  Pickle trim() {
    if (buffer.length - used > 64 || start > 0) {
      buffer = Arrays.copyOfRange(buffer, start, used);
      used -= start;
      start = 0;
    }
    return this;
  }

  private void room(int bytes) {
    if (buffer.length - used >= bytes) {
      return;
    }
    int content = used - start;
    // Pieces point into the old array, so a new one follows it.
    buffer =
        Arrays.copyOfRange(
            buffer, start, start + Math.max(content + bytes, content + (content >> 1) + 64));
    used = content;
    start = 0;
  }
}
