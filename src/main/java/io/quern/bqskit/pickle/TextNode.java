package io.quern.bqskit.pickle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A string, kept as a slice of UTF-8 in which Python's lone surrogates are three bytes each.
public final class TextNode extends PickleNode.Referable {
  private final byte[] buffer;
  private final int offset;
  private final int length;

  TextNode(byte[] buffer, int offset, int length) {
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
  }

  public TextNode(String value) {
    this(value.getBytes(StandardCharsets.UTF_8));
  }

  /// A text that a pickle may have in many places.
  public static TextNode shared(String value) {
    TextNode text = new TextNode(value);
    text.share();
    return text;
  }

  private TextNode(byte[] utf8) {
    this(utf8, 0, utf8.length);
  }

  /// The bytes of the text in UTF-8.
  public int length() {
    return length;
  }

  byte[] buffer() {
    return buffer;
  }

  int offset() {
    return offset;
  }

  /// Whether both are the same text.
  boolean sameAs(TextNode other) {
    return Arrays.equals(
        buffer, offset, offset + length, other.buffer, other.offset, other.offset + other.length);
  }

  /// Whether the text is `other`.
  public boolean is(String other) {
    if (other.length() != length) {
      // Only ASCII is as long in bytes as in chars; the rest takes the slow way.
      return length > other.length() && value().equals(other);
    }
    for (int i = 0; i < length; i++) {
      if (buffer[offset + i] != (byte) other.charAt(i) || other.charAt(i) > 127) {
        return false;
      }
    }
    return true;
  }

  /// The text; what is no character (a lone surrogate) becomes U+FFFD.
  public String value() {
    return new String(buffer, offset, length, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return length <= 80 ? "'" + value() + "'" : "text of " + length + " bytes";
  }
}
