package io.quern.bqskit.codec;

import io.quern.bqskit.pickle.Pickle;
import io.quern.bqskit.pickle.PickleException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The frames of Python's `multiprocessing.connection`: a signed 4-byte length, highest byte first,
/// then the bytes; for more than 2^31 - 1 bytes the length is -1 and a signed 8-byte length
/// follows. BQSKit gives no `authkey` anywhere, so no challenge comes before the first frame.
/// [FrameReader] reads them.
public final class Framing {
  /// Frames up to this length are read at once and not counted.
  static final int FIRST_ROOM = 64 << 10;

  private Framing() {}

  static void checkLength(long length, long limit) {
    if (length < 1 || length > limit) {
      throw new PickleException(
          "expected a frame of 1 to " + limit + " bytes, found a length of " + length);
    }
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
