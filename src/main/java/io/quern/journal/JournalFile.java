package io.quern.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// A file of frames that only grows, until it is emptied.
///
/// A frame is its length (4 bytes), the CRC-32C of what follows (4 bytes), the position of its
/// first record (8 bytes) and its payload. A frame that is not whole, as a process leaves it that
/// ends in the middle of a write, was never reported as written; it is cut off.
///
/// Not thread-safe.
final class JournalFile implements AutoCloseable {
  private static final int HEAD = 16;

  /// What was written by one write.
  ///
  /// @param position of its first record
  record Frame(long position, ByteBuffer payload) {}

  private final FileChannel channel;
  private long size;

  private JournalFile(FileChannel channel) throws IOException {
    this.channel = channel;
    size = channel.size();
  }

  static JournalFile open(Path file) throws IOException {
    return new JournalFile(
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  long size() {
    return size;
  }

  /// Writes a frame behind the others; the file is as before if that fails.
  ///
  /// @param force whether to wait until the medium has it
  void append(long position, byte[] payload, boolean force) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(HEAD + payload.length);
    frame.putInt(payload.length).putInt(0).putLong(position).put(payload);
    frame.putInt(4, checksum(frame.array(), HEAD - 8, payload.length + 8));
    frame.flip();
    try {
      long at = size;
      while (frame.hasRemaining()) {
        at += channel.write(frame, at);
      }
      if (force) {
        channel.force(false);
      }
      size = at;
    } catch (IOException e) {
      channel.truncate(size);
      throw e;
    }
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  /// All whole frames, in order; cuts off what follows them.
  List<Frame> read() throws IOException {
    List<Frame> frames = new ArrayList<>();
    long at = 0;
    ByteBuffer head = ByteBuffer.allocate(HEAD);
    while (size - at >= HEAD) {
      readFully(head.clear(), at);
      int length = head.getInt(0);
      if (length < 0 || length > size - at - HEAD) {
        break;
      }
      ByteBuffer rest = ByteBuffer.allocate(8 + length);
      readFully(rest, at + HEAD - 8);
      if (checksum(rest.array(), 0, rest.capacity()) != head.getInt(4)) {
        break;
      }
      frames.add(new Frame(rest.getLong(0), rest.slice(8, length)));
      at += HEAD + length;
    }
    if (at < size) {
      channel.truncate(at);
      size = at;
    }
    return frames;
  }

  private void readFully(ByteBuffer buffer, long from) throws IOException {
    long at = from;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, at);
      if (read < 0) {
        throw new IOException("the journal ends within a frame");
      }
      at += read;
    }
  }

  /// Forgets every frame.
  void clear() throws IOException {
    if (size > 0) {
      channel.truncate(0);
      size = 0;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
