package io.quern.blocks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Gates at which blocks wait until the test lets them pass, so many at a time; in a file that all
/// processes map. Each process has a gate of its own, or shares one.
public final class Gates {
  private static final int SIZE = 64;
  private static final long PERIOD_NANOS = 1_000_000;
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /// The gate of this process.
  static final int MINE = Integer.getInteger("quern.blocks.gate", 0);

  private final ByteBuffer buffer;

  public Gates(Path file) {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // Each in a cache line of its own.
      buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE * 64L);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class OfThisProcess {
    private static final Gates FILE =
        new Gates(Path.of(System.getProperty("quern.blocks.gates", "")));
  }

  static Gates ofThisProcess() {
    return OfThisProcess.FILE;
  }

  /// Lets so many more pass.
  public void open(int gate, int permits) {
    LONGS.getAndAdd(buffer, gate * 64, (long) permits);
  }

  /// Waits for its turn; true if it passed, false if it was cancelled.
  ///
  /// It takes two milliseconds at least: results of what is quicker are not kept.
  boolean pass(int gate, BooleanSupplier isCancelled) {
    LockSupport.parkNanos(2 * PERIOD_NANOS);
    while (!isCancelled.getAsBoolean()) {
      long permits = (long) LONGS.getVolatile(buffer, gate * 64);
      if (permits > 0 && LONGS.compareAndSet(buffer, gate * 64, permits, permits - 1)) {
        return true;
      }
      LockSupport.parkNanos(PERIOD_NANOS);
    }
    return false;
  }
}
