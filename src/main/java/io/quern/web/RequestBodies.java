package io.quern.web;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Bounds the sum of the large bodies that are read and checked at a time, so that many of them at
/// once wait for each other instead of filling the memory.
final class RequestBodies {
  /// Smaller bodies come in without asking: as many as there are connections do no harm.
  private static final long SMALL = 64L << 10;

  /// How long a body waits for the ones before it.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final LimitsProperties limits;
  private final int capacity;
  private final Semaphore kibibytes;
  private final Duration patience;

  RequestBodies(LimitsProperties limits, Duration patience) {
    this.limits = limits;
    this.patience = patience;
    // One body of the largest size always fits.
    long most = Math.max(limits.bodies().toBytes(), limits.body().toBytes());
    capacity = (int) Math.min(toKibibytes(most), Integer.MAX_VALUE);
    kibibytes = new Semaphore(capacity, true);
  }

  /// Room for one body; to be closed when nothing refers to the body any more.
  final class Room implements AutoCloseable {
    private final int needed;
    private int taken;

    private Room(int needed) {
      this.needed = needed;
    }

    /// Waits for the room of a large body, unless there is no need for it or it is taken already.
    ///
    /// @throws QuernException if there was none for a while
    private void take() throws InterruptedException {
      if (taken == needed) {
        return;
      }
      if (!kibibytes.tryAcquire(needed, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new QuernException(
            ErrorCode.TOO_MANY_BODIES,
            "expected large bodies of at most %s being read at a time, found no room for %d KiB more within %s"
                .formatted(limits.bodies(), needed, patience),
            Map.of("limit", limits.bodies().toBytes()));
      }
      taken = needed;
    }

    /// Called while a body comes in that did not say its length, before more of it is kept.
    ///
    /// @param bytes how long it is with these
    /// @throws QuernException if it needs room, and there was none for a while
    void reach(long bytes) throws InterruptedException {
      if (bytes > SMALL) {
        take();
      }
    }

    @Override
    public void close() {
      kibibytes.release(taken);
      taken = 0;
    }
  }

  /// Waits for room for the body of a request. One that does not say its length comes in without
  /// for as long as it is small; then it needs room for the longest there may be.
  ///
  /// @throws QuernException if there was none for a while
  Room enter(HttpServletRequest request) throws InterruptedException {
    long declared = request.getContentLengthLong();
    long limit = limits.body().toBytes();
    // What declares more than the limit is turned away before it is read.
    boolean needsNone = declared > limit || (declared >= 0 && declared <= SMALL);
    long most = declared < 0 ? limit : declared;
    Room room = new Room(needsNone ? 0 : (int) Math.min(toKibibytes(most), capacity));
    if (declared >= 0) {
      room.take();
    }
    return room;
  }

  private static long toKibibytes(long bytes) {
    return (bytes + 1023) / 1024;
  }
}
