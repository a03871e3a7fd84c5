package io.quern.bqskit.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts bytes into the frames of Python's `multiprocessing.connection` ([Framing]).
///
/// Feed it bytes as they come. Memory grows with what has arrived, not with what a length promises.
public final class FrameReader implements AutoCloseable {
  private final long maxFrameBytes;
  private final FrameMemory memory;
  private final byte[] header = new byte[12];
  private int headerRead;
  private int headerLength = 4;
  private byte @Nullable [] frame;
  private int frameLength;
  private int frameRead;

  /// Bytes of the unfinished frame that are counted.
  private long counted;

  /// @param maxFrameBytes longer frames are refused
  /// @param memory what longer frames take is counted there until [FrameMemory#release]
  public FrameReader(long maxFrameBytes, FrameMemory memory) {
    if (maxFrameBytes < 1 || maxFrameBytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "expected a bound of 1 to 2^31 - 9 bytes, found " + maxFrameBytes);
    }
    this.maxFrameBytes = maxFrameBytes;
    this.memory = memory;
  }

  /// Takes bytes from `in` until a frame is complete or there are no more.
  ///
  /// @return the frame, or null if it is not complete; call again with the rest of `in`
  /// @throws io.quern.bqskit.pickle.PickleException if a length is negative, zero or above the
  ///   bound, or there is no memory left for it
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
    frame = new byte[Math.min(frameLength, Framing.FIRST_ROOM)];
  }

  private byte @Nullable [] fill(ByteBuffer in, byte[] target) {
    byte[] room = target;
    while (in.hasRemaining() && frameRead < frameLength) {
      if (frameRead == room.length) {
        room = grown(room);
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
    counted = 0;
    return room;
  }

  private byte[] grown(byte[] room) {
    int length = (int) Math.min(frameLength, 2L * room.length);
    // For a moment there are both, the shorter and the longer.
    memory.take(length);
    counted += length;
    byte[] longer = Arrays.copyOf(room, length);
    memory.give(counted - length);
    counted = length;
    return longer;
  }

  /// Whether a frame has begun and is not complete: the end of the stream would cut it off.
  public boolean isWithinFrame() {
    return frame != null || headerRead > 0;
  }

  /// Gives back what an unfinished frame has taken.
  @Override
  public void close() {
    memory.give(counted);
    counted = 0;
    frame = null;
    headerRead = 0;
  }
}
