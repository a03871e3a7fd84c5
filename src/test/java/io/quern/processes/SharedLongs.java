package io.quern.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A few numbers that several processes share, in a file that all of them map.
public final class SharedLongs {
  /// Each is in a cache line of its own.
  private static final int STRIDE = 64;

  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer buffer;

  /// @param file is made, with zeros, if it is not there
  public SharedLongs(Path file, int size) {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) size * STRIDE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long get(int index) {
    return (long) LONGS.getVolatile(buffer, index * STRIDE);
  }

  public void set(int index, long value) {
    LONGS.setVolatile(buffer, index * STRIDE, value);
  }

  public void add(int index, long value) {
    LONGS.getAndAdd(buffer, index * STRIDE, value);
  }

  /// Takes one away if there is any.
  public boolean takeOne(int index) {
    long found = get(index);
    return found > 0 && LONGS.compareAndSet(buffer, index * STRIDE, found, found - 1);
  }
}
