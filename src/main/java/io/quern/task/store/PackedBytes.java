package io.quern.task.store;

import io.quern.task.Blob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// Bytes in two columns: few of them as they are, many packed by gzip.
final class PackedBytes {
  /// Most bytes stored as they are; the width of their column.
  static final int INLINE_LIMIT = 16_384;

  private PackedBytes() {}

  /// Sets parameters `index` (bytes) and `index + 1` (gzip).
  static void set(PreparedStatement statement, int index, Blob bytes) throws SQLException {
    if (bytes.size() <= INLINE_LIMIT) {
      statement.setBytes(index, bytes.bytes());
      statement.setNull(index + 1, Types.BLOB);
    } else {
      byte[] packed = PackedText.pack(bytes.bytes());
      statement.setNull(index, Types.VARBINARY);
      statement.setBinaryStream(index + 1, new ByteArrayInputStream(packed), packed.length);
    }
  }

  /// Reads columns `index` (bytes) and `index + 1` (gzip).
  static @Nullable Blob get(ResultSet row, int index) throws SQLException {
    byte[] bytes = row.getBytes(index);
    if (bytes != null) {
      return Blob.of(bytes);
    }
    try (InputStream packed = row.getBinaryStream(index + 1)) {
      if (packed == null) {
        return null;
      }
      try (GZIPInputStream unpacked = new GZIPInputStream(packed, 1 << 16)) {
        return Blob.of(unpacked.readAllBytes());
      }
    } catch (IOException e) {
      throw new SQLException("packed bytes cannot be read: " + e.getMessage(), e);
    }
  }
}
