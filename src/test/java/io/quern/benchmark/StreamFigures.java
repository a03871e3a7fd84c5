package io.quern.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How long a log line takes from the function that writes it to the readers of its task, each with
/// a stream of its own; the line is durable in between.
final class StreamFigures {
  private static final int TASKS = 100;
  private static final int READERS = 10;
  private static final int PER_SECOND = 10;
  private static final int SECONDS = Integer.getInteger("quern.benchmark.seconds", 45);

  /// The tasks end together, and are then compiled all at once.
  private static final long END_NANOS = 3_000_000_000L;

  /// Meanwhile the streams are opened and their code is compiled.
  private static final long WARM_UP_NANOS = 15_000_000_000L;

  private static final byte[] MARK = "at=".getBytes(StandardCharsets.US_ASCII);

  private final long from;
  private final long until;
  private final double[] millis = new double[TASKS * READERS * PER_SECOND * SECONDS];
  private int count;

  /// @param from lines written before are not counted
  /// @param until nor those written then or later
  private StreamFigures(long from, long until) {
    this.from = from;
    this.until = until;
  }

  static void measure(Path directory) throws Exception {
    try (Processes processes = new Processes(directory)) {
      // A function that waits holds its slot, so a hundred that live at a time need as many.
      Process server = processes.startServer("1g", "--quern.runtime.workers=" + TASKS);
      List<String> tasks = new ArrayList<>();
      try (KeptConnection connection = new KeptConnection(processes.port())) {
        for (int i = 0; i < TASKS; i++) {
          tasks.add(
              RuntimeBenchmark.submit(
                  connection, "benchmark lines " + SECONDS + " " + PER_SECOND, ""));
        }
      }
      long now = System.nanoTime();
      StreamFigures figures =
          new StreamFigures(now + WARM_UP_NANOS, now + SECONDS * 1_000_000_000L - END_NANOS);
      long cpu = BenchmarkRoot.cpuMicros(server.pid());
      figures.readAll(processes.port(), tasks);
      RuntimeBenchmark.progress(
          "streams: server CPU us for each line and reader "
              + (BenchmarkRoot.cpuMicros(server.pid()) - cpu)
                  / (double) (TASKS * READERS * PER_SECOND * SECONDS));
      double[] sorted = Arrays.copyOf(figures.millis, figures.count);
      Arrays.sort(sorted);
      String what = "1000 live streams, log line to reader (" + sorted.length + " lines), ";
      RuntimeBenchmark.print(what + "p50", new double[] {sorted[sorted.length / 2]}, "ms");
      RuntimeBenchmark.print(what + "p99", new double[] {sorted[sorted.length * 99 / 100]}, "ms");
      RuntimeBenchmark.print(what + "most", new double[] {sorted[sorted.length - 1]}, "ms");
    }
  }

  private void readAll(int port, List<String> tasks) throws IOException {
    try (Selector selector = Selector.open()) {
      int open = 0;
      for (String task : tasks) {
        for (int i = 0; i < READERS; i++) {
          SocketChannel channel =
              SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
          channel.write(
              ByteBuffer.wrap(
                  ("GET /tasks/"
                          + task
                          + "/events HTTP/1.1\r\nHost: localhost\r\n"
                          + "Connection: close\r\n\r\n")
                      .getBytes(StandardCharsets.US_ASCII)));
          channel.configureBlocking(false);
          channel.register(selector, SelectionKey.OP_READ, new Marks());
          open++;
        }
      }
      ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
      while (open > 0) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          buffer.clear();
          int read = ((SocketChannel) key.channel()).read(buffer);
          if (read < 0) {
            key.channel().close();
            open--;
          } else {
            long now = System.nanoTime();
            Marks marks = (Marks) key.attachment();
            buffer.flip();
            while (buffer.hasRemaining()) {
              long at = marks.next(buffer.get());
              if (at >= from && at < until) {
                millis[count++] = (now - at) / 1e6;
              }
            }
          }
        }
        selector.selectedKeys().clear();
      }
    }
  }

  /// Finds the moments in what one stream says.
  private static final class Marks {
    private int matched;
    private long value;

    /// @return the moment that ends with this byte, or -1
    long next(byte b) {
      if (matched == MARK.length) {
        if (b >= '0' && b <= '9') {
          value = 10 * value + (b - '0');
          return -1;
        }
        matched = 0;
        long found = value;
        value = 0;
        return b == ';' ? found : -1;
      }
      matched = b == MARK[matched] ? matched + 1 : b == MARK[0] ? 1 : 0;
      return -1;
    }
  }
}
