package io.quern.bqskit.codec;

import io.quern.bqskit.pickle.Pickle;
import io.quern.bqskit.pickle.PickleException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The frames of Python's `multiprocessing.connection`: a signed 4-byte length, highest byte first,
/// then the bytes; for more than 2^31 - 1 bytes the length is -1 and a signed 8-byte length
/// follows. BQSKit gives no `authkey` anywhere, so no challenge comes before the first frame.
///
/// [FrameReader] does the same on bytes that come as they come.
public final class Framing {
  /// Frames up to this length are read at once and not counted.
  static final int FIRST_ROOM = 64 << 10;

  private Framing() {}

  /// Reads one frame. Memory grows with what has arrived, not with what a length promises.
  ///
  /// @param limit longer frames are refused; at most 2^31 - 9
  /// @param memory what longer frames take is counted there until [FrameMemory#release]
  /// @return null if the stream ends before a frame begins
  /// @throws PickleException if the length is not positive or above the limit
  /// @throws EOFException if the stream ends within a frame
  public static byte @Nullable [] read(InputStream in, long limit, FrameMemory memory)
      throws IOException {
    byte[] header = in.readNBytes(4);
    if (header.length == 0) {
      return null;
    }
    long length = ByteBuffer.wrap(whole(header, 4)).getInt();
    if (length == -1) {
      length = ByteBuffer.wrap(whole(in.readNBytes(8), 8)).getLong();
    }
    checkLength(length, limit);
    byte[] frame = new byte[(int) Math.min(length, FIRST_ROOM)];
    readPart(in, frame, 0, length);
    long counted = 0;
    try {
      while (frame.length < length) {
        int room = (int) Math.min(length, 2L * frame.length);
        // For a moment there are both, the shorter and the longer.
        memory.take(room);
        counted += room;
        int read = frame.length;
        frame = Arrays.copyOf(frame, room);
        memory.give(counted - room);
        counted = room;
        readPart(in, frame, read, length);
      }
      counted = 0;
      return frame;
    } finally {
      memory.give(counted);
    }
  }

  private static void readPart(InputStream in, byte[] frame, int from, long length)
      throws IOException {
    int read = from + in.readNBytes(frame, from, frame.length - from);
    if (read < frame.length) {
      throw new EOFException("the stream ends after " + read + " of " + length + " bytes");
    }
  }

  private static byte[] whole(byte[] bytes, int length) throws EOFException {
    if (bytes.length < length) {
      throw new EOFException("the stream ends within the length of a frame");
    }
    return bytes;
  }

  static void checkLength(long length, long limit) {
    if (length < 1 || length > limit) {
      throw new PickleException(
          "expected a frame of 1 to " + limit + " bytes, found a length of " + length);
    }
  }

  /// Writes one frame; does not flush.
  public static void write(OutputStream out, Pickle pickle) throws IOException {
    out.write(header(pickle.size()).array());
    pickle.writeTo(out);
  }

  /// The header and the pieces of one frame, in order, ready for a gathering write.
  public static List<ByteBuffer> frame(Pickle pickle) {
    List<ByteBuffer> pieces = pickle.buffers();
    List<ByteBuffer> all = new ArrayList<>(pieces.size() + 1);
    all.add(header(pickle.size()));
    all.addAll(pieces);
    return all;
  }

  private static ByteBuffer header(long size) {
    return size <= Integer.MAX_VALUE
        ? ByteBuffer.allocate(4).putInt((int) size).flip()
        : ByteBuffer.allocate(12).putInt(-1).putLong(size).flip();
  }
}
