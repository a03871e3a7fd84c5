package io.quern.bqskit.codec;

import io.quern.bqskit.pickle.PickleException;
import java.util.concurrent.atomic.AtomicLong;

/// Memory for the long frames that are being read or understood at the same time, of all
/// connections together: many senders of half a long frame each must not take all there is.
/// Thread-safe.
public final class FrameMemory {
  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  /// @param limit in bytes
  public FrameMemory(long limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("expected a positive limit, found " + limit);
    }
    this.limit = limit;
  }

  /// A part of the memory that this JVM may take at most.
  ///
  /// @param share such as 4 for a quarter
  public static FrameMemory shareOfMemory(int share) {
    return new FrameMemory(Runtime.getRuntime().maxMemory() / share);
  }

  /// @throws PickleException if there is not so much left; nothing is taken then
  void take(long bytes) {
    if (taken.addAndGet(bytes) > limit) {
      taken.addAndGet(-bytes);
      throw new PickleException(
          "expected frames of at most " + limit + " bytes together, found more at this moment");
    }
  }

  void give(long bytes) {
    taken.addAndGet(-bytes);
  }

  /// Whether a frame that [FrameReader#next] returned is counted until it is released.
  public boolean isCounted(byte[] frame) {
    return frame.length > Framing.FIRST_ROOM;
  }

  /// A frame that [FrameReader#next] returned has been understood.
  public void release(byte[] frame) {
    if (isCounted(frame)) {
      give(frame.length);
    }
  }
}
