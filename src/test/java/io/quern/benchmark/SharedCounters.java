package io.quern.benchmark;

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

/// A few numbers that the processes of a benchmark share, in a file that all of them map.
///
/// A function cannot ask what happens in other processes; by these a root learns that its children
/// have run while it keeps its slot, and phases begin and end.
final class SharedCounters {
  /// Calls of [Nothing] in all processes.
  static final int CALLS = 0;

  /// The phase the root may run.
  static final int BEGUN = 1;

  /// The phase the root has run.
  static final int DONE = 2;

  /// The pid of the manager process with the children's workers.
  static final int CHILDREN_PID = 3;

  /// Links of that process.
  static final int LINKS = 4;

  private static final int SIZE = 8;
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /// Those of this process; null in one that has none.
  static final SharedCounters MINE = ofProperty();

  private final ByteBuffer buffer;

  SharedCounters(Path file) {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // Each in a cache line of its own.
      buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE * 64L);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SharedCounters ofProperty() {
    String file = System.getProperty("quern.benchmark.counters");
    return file == null ? null : new SharedCounters(Path.of(file));
  }

  void increment(int counter) {
    LONGS.getAndAdd(buffer, counter * 64, 1L);
  }

  long get(int counter) {
    return (long) LONGS.getVolatile(buffer, counter * 64);
  }

  void set(int counter, long value) {
    LONGS.setVolatile(buffer, counter * 64, value);
  }

  void await(int counter, long atLeast) throws InterruptedException {
    while (get(counter) < atLeast) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
