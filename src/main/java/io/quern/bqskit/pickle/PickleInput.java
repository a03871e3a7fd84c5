package io.quern.bqskit.pickle;

import io.quern.bqskit.pickle.PickleNode.BigInt;
import io.quern.bqskit.pickle.PickleNode.Constant;
import io.quern.bqskit.pickle.PickleNode.Int;
import io.quern.bqskit.pickle.PickleNode.Real;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/// The bytes of a pickle, read one after the other: opcodes, and the numbers, text and bytes that
/// follow them. Nothing is read beyond the end, whatever a length promises. Long strings are slices
/// of the frame.
final class PickleInput {
  /// Numbers as text are only read up to so many characters: they cost time by the square.
  private static final int MAX_DIGITS = 4300;

  private static final int MAX_BIG_INT_BYTES = 1 << 16;

  private final byte[] frame;
  private final int start;
  private final int end;
  private int position;
  private int opcodeAt;
  private int opcode;

  PickleInput(byte[] frame, int offset, int length) {
    this.frame = frame;
    start = offset;
    end = offset + length;
    position = offset;
  }

  /// @throws PickleException if it does not begin as a pickle of protocol 2 to 5
  void requireStart() {
    if (end - start < 2 || (frame[start] & 0xFF) != Opcode.PROTO) {
      throw new PickleException(
          "expected a pickle of protocol 2 to 5, which starts with PROTO, found "
              + (end == start ? "nothing" : "byte 0x" + Integer.toHexString(frame[start] & 0xFF)));
    }
  }

  int readOpcode() {
    opcodeAt = position;
    opcode = readByte();
    return opcode;
  }

  /// Bytes that are left.
  int left() {
    return end - position;
  }

  PickleNode number(int length) {
    need(length);
    if (length > MAX_BIG_INT_BYTES) {
      throw refuse("an integer of " + length + " bytes");
    }
    if (length == 0) {
      return new Int(0);
    }
    if (length <= 8) {
      long value = frame[position + length - 1];
      for (int i = length - 2; i >= 0; i--) {
        value = value << 8 | frame[position + i] & 0xFF;
      }
      position += length;
      return new Int(value);
    }
    byte[] bigEndian = new byte[length];
    for (int i = 0; i < length; i++) {
      bigEndian[i] = frame[position + length - 1 - i];
    }
    position += length;
    return integer(new BigInteger(bigEndian));
  }

  private static PickleNode integer(BigInteger value) {
    return value.bitLength() < 64 ? new Int(value.longValue()) : new BigInt(value);
  }

  PickleNode textInt(String line) {
    return switch (line) {
      case "00" -> Constant.FALSE;
      case "01" -> Constant.TRUE;
      default -> parseInteger(line);
    };
  }

  PickleNode textLong(String line) {
    return parseInteger(line.endsWith("L") ? line.substring(0, line.length() - 1) : line);
  }

  private PickleNode parseInteger(String digits) {
    try {
      return integer(new BigInteger(digits));
    } catch (NumberFormatException e) {
      throw refuse("expected an integer, found '" + digits + "'");
    }
  }

  PickleNode textFloat(String line) {
    try {
      return new Real(
          switch (line) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> Double.parseDouble(line);
          });
    } catch (NumberFormatException e) {
      throw refuse("expected a float, found '" + line + "'");
    }
  }

  TextNode text(int length) {
    need(length);
    TextNode text = new TextNode(frame, position, length);
    position += length;
    return text;
  }

  /// A string of Python 2, which Python 3 reads as ASCII.
  TextNode ascii(int length) {
    TextNode text = text(length);
    for (int i = position - length; i < position; i++) {
      if (frame[i] < 0) {
        throw refuse("a string of Python 2 that is not ASCII");
      }
    }
    return text;
  }

  BytesNode bytes(int length, boolean mutable) {
    need(length);
    BytesNode bytes = new BytesNode(frame, position, length, mutable);
    position += length;
    return bytes;
  }

  private int lineLength() {
    for (int i = position; i < end; i++) {
      if (frame[i] == '\n') {
        return i - position;
      }
    }
    throw refuse("a line without an end");
  }

  TextNode lineNode() {
    TextNode text = text(lineLength());
    position++;
    return text;
  }

  String readLine() {
    int length = lineLength();
    if (length > MAX_DIGITS) {
      throw refuse("a number of " + length + " characters");
    }
    String line = new String(frame, position, length, StandardCharsets.ISO_8859_1);
    position += length + 1;
    return line;
  }

  int readByte() {
    need(1);
    return frame[position++] & 0xFF;
  }

  /// An unsigned number, its lowest byte first.
  long readLittle(int bytes) {
    need(bytes);
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | frame[position + i] & 0xFF;
    }
    position += bytes;
    return value;
  }

  long readBig() {
    need(8);
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | frame[position++] & 0xFF;
    }
    return value;
  }

  /// A length that must lie within what is left.
  int readLength(int bytes) {
    long length = readLittle(bytes);
    if (length < 0 || length > end - position) {
      throw refuse(
          "a length of "
              + Long.toUnsignedString(length)
              + " with only "
              + (end - position)
              + " bytes left");
    }
    return (int) length;
  }

  private void need(int bytes) {
    if (bytes > end - position) {
      throw refuse(
          "the pickle ends after "
              + (end - start)
              + " bytes, "
              + (bytes - (end - position))
              + " too early");
    }
  }

  PickleException refuse(String why) {
    return new PickleException(
        "the pickle is refused at offset "
            + (opcodeAt - start)
            + ", "
            + Opcode.name(opcode)
            + ": "
            + why);
  }
}
