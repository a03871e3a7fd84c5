package io.quern.task.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// A text in two columns: short ones as they are, long ones packed by gzip.
final class PackedText {
  /// Longest text stored as it is, in characters; the width of its column.
  static final int INLINE_LIMIT = 4096;

  private PackedText() {}

  /// Sets parameters `index` (text) and `index + 1` (gzip).
  static void set(PreparedStatement statement, int index, String text) throws SQLException {
    if (text.length() <= INLINE_LIMIT) {
      statement.setString(index, text);
      statement.setNull(index + 1, Types.BLOB);
    } else {
      byte[] packed = pack(text.getBytes(StandardCharsets.UTF_8));
      statement.setNull(index, Types.VARCHAR);
      statement.setBinaryStream(index + 1, new ByteArrayInputStream(packed), packed.length);
    }
  }

  /// Reads columns `index` (text) and `index + 1` (gzip).
  static String get(ResultSet row, int index) throws SQLException {
    String text = row.getString(index);
    if (text != null) {
      return text;
    }
    try (InputStream packed = row.getBinaryStream(index + 1);
        GZIPInputStream unpacked = new GZIPInputStream(packed, 1 << 16)) {
      return new String(unpacked.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new SQLException("a packed text cannot be read: " + e.getMessage(), e);
    }
  }

  static byte[] pack(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 4);
    try (FastGzip gzip = new FastGzip(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  /// The fastest level: circuits repeat themselves, so it packs them well enough, and the writer
  /// does not have to wait.
  private static final class FastGzip extends GZIPOutputStream {
    private FastGzip(ByteArrayOutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
