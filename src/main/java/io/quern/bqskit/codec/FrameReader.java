package io.quern.bqskit.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts bytes that come as they come into frames; see [Framing].
///
/// Feed it bytes as they come. Memory grows with what has arrived, not with what a length promises.
public final class FrameReader {
  private static final int FIRST_ROOM = 64 << 10;

  private final long maxFrameBytes;
  private final byte[] header = new byte[12];
  private int headerRead;
  private int headerLength = 4;
  private byte @Nullable [] frame;
  private int frameLength;
  private int frameRead;

  /// @param maxFrameBytes longer frames are refused
  public FrameReader(long maxFrameBytes) {
    if (maxFrameBytes < 1 || maxFrameBytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "expected a bound of 1 to 2^31 - 9 bytes, found " + maxFrameBytes);
    }
    this.maxFrameBytes = maxFrameBytes;
  }

  /// Takes bytes from `in` until a frame is complete or there are no more.
  ///
  /// @return the frame, or null if it is not complete; call again with the rest of `in`
  /// @throws io.quern.bqskit.pickle.PickleException if a length is negative, zero or above the
  ///   bound
  public byte @Nullable [] next(ByteBuffer in) {
    while (frame == null) {
      int take = Math.min(headerLength - headerRead, in.remaining());
      in.get(header, headerRead, take);
      headerRead += take;
      if (headerRead < headerLength) {
        return null;
      }
      startFrame();
    }
    return fill(in, frame);
  }

  private void startFrame() {
    ByteBuffer lengths = ByteBuffer.wrap(header);
    long length = lengths.getInt();
    if (length == -1 && headerLength == 4) {
      headerLength = 12;
      return;
    }
    if (headerLength == 12) {
      length = lengths.getLong();
    }
    Framing.checkLength(length, maxFrameBytes);
    frameLength = (int) length;
    frameRead = 0;
    frame = new byte[Math.min(frameLength, FIRST_ROOM)];
  }

  private byte @Nullable [] fill(ByteBuffer in, byte[] target) {
    byte[] room = target;
    while (in.hasRemaining() && frameRead < frameLength) {
      if (frameRead == room.length) {
        room = Arrays.copyOf(room, (int) Math.min(frameLength, 2L * room.length));
      }
      int take = Math.min(in.remaining(), room.length - frameRead);
      in.get(room, frameRead, take);
      frameRead += take;
    }
    frame = room;
    if (frameRead < frameLength) {
      return null;
    }
    frame = null;
    headerRead = 0;
    headerLength = 4;
    return room;
  }

  /// Whether a frame has begun and is not complete: the end of the stream would cut it off.
  public boolean isWithinFrame() {
    return frame != null || headerRead > 0;
  }
}
