package io.quern;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// How much later than on an idle machine things happen here: a thread that again and again sleeps
/// for a moment and then asks a process for an answer that needs next to nothing adds up what that
/// takes beyond what it should.
///
/// A test of how soon something happens takes this off, so that it tells of the program and not of
/// what else runs beside it: on an idle machine it is next to nothing.
final class Lateness implements AutoCloseable {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long USUAL_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  private final Runnable question;
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong askedAt = new AtomicLong(System.nanoTime());
  private volatile @Nullable RuntimeException failure;
  private volatile boolean isOver;

  private Lateness(Runnable question) {
    this.question = question;
  }

  /// Begins to ask.
  static Lateness of(Runnable question) {
    Lateness lateness = new Lateness(question);
    Thread.ofPlatform().daemon().name("lateness").start(lateness::run);
    return lateness;
  }

  private void run() {
    try {
      while (!isOver) {
        LockSupport.parkNanos(this, PERIOD_NANOS);
        question.run();
        nanos.addAndGet(Math.max(0, sinceAsked()));
        askedAt.set(System.nanoTime());
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /// How late the round is that is under way.
  private long sinceAsked() {
    return System.nanoTime() - askedAt.get() - PERIOD_NANOS - USUAL_NANOS;
  }

  /// So far.
  ///
  /// @throws IllegalStateException if a question had no answer: that is no lateness
  Duration soFar() {
    if (failure != null) {
      throw new IllegalStateException("nobody answers any more", failure);
    }
    return Duration.ofNanos(nanos.get() + Math.max(0, sinceAsked()));
  }

  @Override
  public void close() {
    isOver = true;
  }
}
