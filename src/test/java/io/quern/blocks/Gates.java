package io.quern.blocks;

import io.quern.processes.SharedLongs;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Gates at which blocks wait until the test lets them pass, so many at a time; in a file that all
/// processes map. Each process has a gate of its own, or shares one.
public final class Gates {
  private static final int SIZE = 64;
  private static final long PERIOD_NANOS = 1_000_000;

  /// The gate of this process.
  static final int MINE = Integer.getInteger("quern.blocks.gate", 0);

  private final SharedLongs permits;

  public Gates(Path file) {
    permits = new SharedLongs(file, SIZE);
  }

  private static final class OfThisProcess {
    private static final Gates FILE =
        new Gates(Path.of(System.getProperty("quern.blocks.gates", "")));
  }

  static Gates ofThisProcess() {
    return OfThisProcess.FILE;
  }

  /// Lets so many more pass.
  public void open(int gate, int more) {
    permits.add(gate, more);
  }

  /// Waits for its turn; true if it passed, false if it was cancelled.
  ///
  /// It takes two milliseconds at least: results of what is quicker are not kept.
  boolean pass(int gate, BooleanSupplier isCancelled) {
    LockSupport.parkNanos(2 * PERIOD_NANOS);
    while (!isCancelled.getAsBoolean()) {
      if (permits.takeOne(gate)) {
        return true;
      }
      LockSupport.parkNanos(PERIOD_NANOS);
    }
    return false;
  }
}
