package io.quern.bqskit.codec;

import io.quern.bqskit.pickle.PickleLimits;
import io.quern.bqskit.wire.FromManager;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.ToManager;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireTask;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// A real `bqskit-manager` with two workers, and the least server above it: it hands everything
/// that comes up down again.
final class RealManager implements AutoCloseable {
  private static final WireCodec CODEC = new WireCodec(new PickleLimits(64 << 20, 200));
  private static final int FRAME = 64 << 20;

  private final FrameReader frames = new FrameReader(FRAME, new FrameMemory(FRAME));
  private final ByteBuffer arrived = ByteBuffer.allocate(1 << 16).limit(0);
  private final Process process;
  private final Socket socket;
  private final InputStream in;
  private final WritableByteChannel out;
  private final List<LogRecords.LogRecord> logs = new ArrayList<>();
  private int handedOutAgain;

  RealManager(Path python, Path log) throws IOException {
    int port = freePort();
    process =
        new ProcessBuilder(
                python.toString(),
                "-c",
                "from bqskit.runtime.manager import start_manager; start_manager()",
                "-n",
                "2",
                "-p",
                Integer.toString(port),
                "-w",
                Integer.toString(freePort()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    socket = connect(port);
    in = socket.getInputStream();
    out = Channels.newChannel(socket.getOutputStream());
    send(new ToManager.Connect(0, 1 << 20));
    FromManager started = receive();
    if (!started.equals(new FromManager.Started(2))) {
      throw new AssertionError("the manager said " + started);
    }
  }

  /// The manager accepts one connection ever, so its port is not tried before.
  private static Socket connect(int port) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreException(ConnectException.class)
        .until(() -> new Socket(InetAddress.getLoopbackAddress(), port), socket -> true);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private void send(ToManager message) throws IOException {
    for (ByteBuffer piece : Framing.frame(CODEC.write(message))) {
      out.write(piece);
    }
  }

  private FromManager receive() throws IOException {
    byte[] frame = frames.next(arrived);
    while (frame == null) {
      int count = in.read(arrived.clear().array());
      if (count < 0) {
        throw new AssertionError("the manager has closed the connection");
      }
      frame = frames.next(arrived.limit(count));
    }
    return CODEC.readManager(frame);
  }

  /// Runs a root task and returns what its function returned.
  PickledValue run(WireTask root) throws IOException {
    send(new ToManager.Submit(List.of(root)));
    while (true) {
      switch (receive()) {
        case FromManager.Result(var result) -> {
          if (result.address().worker() == WireAddress.SERVER) {
            return CODEC.returned(result);
          }
          send(new ToManager.Result(result));
        }
        case FromManager.Submit(List<WireTask> tasks) -> {
          handedOutAgain += tasks.size();
          send(new ToManager.Submit(tasks));
        }
        case FromManager.Cancel(WireAddress address) -> send(new ToManager.Cancel(address));
        case FromManager.Communicate(List<WireAddress> _, PickledValue payload) ->
            send(new ToManager.Communicate(payload));
        case FromManager.Log(long _, PickledValue pickled) -> logs.add(LogRecords.read(pickled));
        case FromManager.Failure(long _, String text) -> throw new IOException(text);
        case FromManager.Dying(String text) -> throw new IOException(text);
        case FromManager.Shutdown _ -> throw new IOException("the manager leaves");
        case FromManager.Waiting _, FromManager.Update _, FromManager.Started _ -> {}
      }
    }
  }

  List<LogRecords.LogRecord> logs() {
    return logs;
  }

  /// How many tasks came up and went down again.
  int handedOutAgain() {
    return handedOutAgain;
  }

  @Override
  public void close() throws IOException {
    send(new ToManager.Shutdown());
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        throw new AssertionError("the manager did not end after SHUTDOWN");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      socket.close();
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
