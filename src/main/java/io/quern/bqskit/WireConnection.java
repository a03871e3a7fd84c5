package io.quern.bqskit;

import io.quern.bqskit.codec.FrameMemory;
import io.quern.bqskit.codec.Framing;
import io.quern.bqskit.pickle.Pickle;
import io.quern.bqskit.pickle.PickleException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// A connection of BQSKit's wire: one thread reads frames, another writes them. What is to be
/// written is encoded by the writing thread, so the server's loop does not wait for it.
final class WireConnection {
  private static final int BUFFER = 1 << 14;

  /// How long what was said before may take to leave after a close.
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  /// Hears what comes in, on the reading thread.
  interface Receiver {
    /// @throws PickleException if the frame makes no sense; the connection is ended then
    void received(byte[] frame) throws InterruptedException;

    /// The connection has ended. Called once.
    void closed(String reason);
  }

  private record Outgoing(Supplier<Pickle> message, int bytes) {}

  private static final Outgoing END = new Outgoing(() -> Pickle.of(new byte[0]), 0);

  private final long id;
  private final String name;
  private final Socket socket;
  private final long frameLimit;
  private final FrameMemory frames;
  private final ByteBudget outgoingBytes;
  private final LinkedBlockingQueue<Outgoing> outgoing = new LinkedBlockingQueue<>();
  private final AtomicBoolean isEnding = new AtomicBoolean();
  private volatile String reason = "the other side has closed the connection";
  private volatile Thread writer = Thread.currentThread();

  /// @param frameLimit longer frames end the connection
  /// @param frames counts what is being read
  /// @param outgoingBytes counts what waits to be written
  WireConnection(
      long id,
      String name,
      Socket socket,
      long frameLimit,
      FrameMemory frames,
      ByteBudget outgoingBytes) {
    this.id = id;
    this.name = name;
    this.socket = socket;
    this.frameLimit = frameLimit;
    this.frames = frames;
    this.outgoingBytes = outgoingBytes;
  }

  long id() {
    return id;
  }

  String name() {
    return name;
  }

  /// Starts writing; the caller's thread reads until the connection ends.
  void run(Receiver receiver) {
    writer = Thread.ofVirtual().name("quern-bqskit-out-" + id).start(this::write);
    try {
      read(receiver);
    } catch (IOException | PickleException e) {
      end(e.getMessage() == null ? e.toString() : e.getMessage());
    } catch (InterruptedException e) {
      end("the server stops");
      Thread.currentThread().interrupt();
    } catch (OutOfMemoryError e) {
      end("its message is larger than the memory left");
    } finally {
      end(reason);
      receiver.closed(reason);
    }
  }

  private void read(Receiver receiver) throws IOException, InterruptedException {
    InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
    byte[] frame = Framing.read(in, frameLimit, frames);
    while (frame != null) {
      try {
        receiver.received(frame);
      } finally {
        frames.release(frame);
      }
      frame = Framing.read(in, frameLimit, frames);
    }
  }

  /// Says something, after what was said before; never waits.
  ///
  /// @param message makes the bytes when they are due
  /// @param bytes about as many as it will have
  void send(Supplier<Pickle> message, int bytes) {
    if (!isEnding.get()) {
      outgoingBytes.add(bytes);
      outgoing.add(new Outgoing(message, bytes));
    }
  }

  /// Ends the connection after what was said before.
  void close(String why) {
    if (isEnding.compareAndSet(false, true)) {
      reason = why;
      outgoing.add(END);
      // The writer may be stuck: a peer that does not read is given up.
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  writer.join(LAST_WORDS);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                closeSocket();
              });
    }
  }

  private void end(String why) {
    if (isEnding.compareAndSet(false, true)) {
      reason = why;
      outgoing.add(END);
    }
    closeSocket();
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed as far as it can be.
    }
  }

  private void write() {
    Outgoing next = END;
    try {
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
      next = take(out);
      while (!next.equals(END)) {
        Framing.write(out, next.message().get());
        outgoingBytes.remove(next.bytes());
        next = take(out);
      }
      out.flush();
    } catch (IOException e) {
      outgoingBytes.remove(next.bytes());
      end(e.getMessage() == null ? e.toString() : e.getMessage());
    } catch (InterruptedException e) {
      end("the server stops");
      Thread.currentThread().interrupt();
    } finally {
      isEnding.set(true);
      Outgoing left = outgoing.poll();
      while (left != null) {
        outgoingBytes.remove(left.bytes());
        left = outgoing.poll();
      }
      closeSocket();
    }
  }

  /// The next message; what was written before leaves while there is none.
  private Outgoing take(OutputStream out) throws IOException, InterruptedException {
    Outgoing next = outgoing.poll();
    if (next == null) {
      out.flush();
      next = outgoing.take();
    }
    return next;
  }

  /// Waits until the connection has ended, at most so long.
  void awaitEnd(Duration atMost) throws InterruptedException {
    writer.join(atMost);
  }
}
