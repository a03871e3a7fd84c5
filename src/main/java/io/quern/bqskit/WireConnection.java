package io.quern.bqskit;

import io.quern.bqskit.codec.FrameMemory;
import io.quern.bqskit.codec.FrameReader;
import io.quern.bqskit.codec.Framing;
import io.quern.bqskit.pickle.Pickle;
import io.quern.bqskit.pickle.PickleException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection of BQSKit's wire: cuts what comes in into frames, and keeps what could not leave
/// yet. It never waits. Used by the loop's thread alone.
final class WireConnection {
  private static final Logger log = LoggerFactory.getLogger(WireConnection.class);

  /// Bytes written to one connection before others have their turn.
  private static final int TURN = 1 << 20;

  /// Why nothing is read at the moment.
  enum Pause {
    /// Its last frame is being understood elsewhere.
    READING_FRAME,
    /// Too many of its messages wait for an answer.
    MESSAGES,
    /// It does not take what it is told.
    OWN_OUTPUT,
    /// Managers do not take what they are told.
    CLUSTER_OUTPUT
  }

  /// What is done with what comes in.
  interface Receiver {
    /// A frame is complete.
    void received(WireConnection connection, byte[] frame);

    /// The connection has ended. Called once.
    void closed(WireConnection connection, String reason);
  }

  private final long id;
  private final String name;
  private final SocketChannel channel;
  private final FrameReader frames;
  private final int readSize;
  private final Receiver receiver;
  private final Set<Pause> pauses = EnumSet.noneOf(Pause.class);
  private final ArrayDeque<ByteBuffer> outgoing = new ArrayDeque<>();
  private long outgoingBytes;
  private @Nullable SelectionKey key;

  /// Bytes that were read before the connection was paused; until they are taken nothing more is
  /// read.
  private @Nullable ByteBuffer rest;

  private String reason = "the other side has closed the connection";
  private boolean isEnding;
  private boolean isClosed;

  /// @param frameLimit longer frames end the connection
  /// @param memory counts what is being read
  /// @param readSize bytes read at a time, which is as much as it keeps while it is paused
  WireConnection(
      long id,
      String name,
      SocketChannel channel,
      long frameLimit,
      FrameMemory memory,
      int readSize,
      Receiver receiver) {
    this.id = id;
    this.name = name;
    this.channel = channel;
    this.frames = new FrameReader(frameLimit, memory);
    this.readSize = readSize;
    this.receiver = receiver;
  }

  long id() {
    return id;
  }

  String name() {
    return name;
  }

  SocketChannel channel() {
    return channel;
  }

  /// Bytes that could not leave yet.
  long outgoingBytes() {
    return outgoingBytes;
  }

  boolean isOpen() {
    return !isClosed;
  }

  /// Whether it is to be closed, and nothing more is said or heard.
  boolean isEnding() {
    return isEnding;
  }

  void registered(SelectionKey selectionKey) {
    key = selectionKey;
    setInterest();
  }

  private void setInterest() {
    if (key != null && key.isValid()) {
      boolean isRead = isEnding || (pauses.isEmpty() && rest == null);
      int reading = isRead ? SelectionKey.OP_READ : 0;
      int writing = outgoing.isEmpty() ? 0 : SelectionKey.OP_WRITE;
      if (key.interestOps() != (reading | writing)) {
        key.interestOps(reading | writing);
      }
    }
  }

  // ---- reading

  void pause(Pause why) {
    if (pauses.add(why)) {
      setInterest();
    }
  }

  /// One reason not to read is gone.
  ///
  /// @return whether it may be read again and has bytes that nothing will announce
  boolean resume(Pause why) {
    if (!pauses.remove(why) || !pauses.isEmpty() || isClosed) {
      return false;
    }
    setInterest();
    return rest != null;
  }

  /// Takes what came before it was paused.
  void readRest() {
    ByteBuffer left = rest;
    if (left != null && pauses.isEmpty() && !isEnding) {
      rest = null;
      take(left);
      setInterest();
    }
  }

  /// Takes what has come.
  ///
  /// @param buffer room for a part of it, shared by all connections
  void read(ByteBuffer buffer) {
    try {
      buffer.clear().limit(Math.min(readSize, buffer.capacity()));
      int count = channel.read(buffer);
      if (count < 0) {
        fail(frames.isWithinFrame() ? "the stream ends within a frame" : reason);
      } else if (!isEnding) {
        take(buffer.flip());
      }
    } catch (IOException e) {
      fail(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private void take(ByteBuffer in) {
    try {
      while (pauses.isEmpty() && !isEnding) {
        byte[] frame = frames.next(in);
        if (frame == null) {
          return;
        }
        receiver.received(this, frame);
      }
      if (in.hasRemaining() && !isEnding) {
        rest = ByteBuffer.allocate(in.remaining()).put(in).flip();
      }
    } catch (PickleException e) {
      fail(e.getMessage() == null ? e.toString() : e.getMessage());
    } catch (OutOfMemoryError _) {
      fail("its message is larger than the memory left");
    } catch (RuntimeException e) {
      log.error("a message of {} cannot be understood", name, e);
      fail("its message cannot be understood");
    }
  }

  // ---- writing

  /// Says something, after what was said before; it leaves with the next [#flush].
  void send(Pickle message) {
    if (!isEnding) {
      for (ByteBuffer piece : Framing.frame(message)) {
        outgoing.add(piece);
        outgoingBytes += piece.remaining();
      }
    }
  }

  /// Writes as much as the other side takes now.
  ///
  /// @param buffer shared by all connections
  void flush(ByteBuffer buffer) {
    if (isClosed) {
      return;
    }
    try {
      boolean isTaken = true;
      for (int left = TURN; isTaken && left > 0 && !outgoing.isEmpty(); ) {
        fill(buffer.clear());
        int length = buffer.flip().remaining();
        int written = channel.write(buffer);
        consume(written);
        left -= written;
        isTaken = written == length;
      }
      if (isEnding && outgoing.isEmpty()) {
        // Closing it outright would throw away what the other side has not read yet.
        channel.shutdownOutput();
      }
      setInterest();
    } catch (IOException e) {
      fail(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private void fill(ByteBuffer buffer) {
    for (ByteBuffer piece : outgoing) {
      int length = Math.min(piece.remaining(), buffer.remaining());
      buffer.put(buffer.position(), piece, piece.position(), length);
      buffer.position(buffer.position() + length);
      if (!buffer.hasRemaining()) {
        return;
      }
    }
  }

  private void consume(int count) {
    outgoingBytes -= count;
    int left = count;
    while (left > 0) {
      ByteBuffer piece = outgoing.element();
      int length = Math.min(left, piece.remaining());
      piece.position(piece.position() + length);
      left -= length;
      if (!piece.hasRemaining()) {
        outgoing.remove();
      }
    }
  }

  // ---- the end

  /// Ends the connection after what was said before, once the other side ends it too.
  void close(String why) {
    if (!isEnding) {
      isEnding = true;
      reason = why;
      rest = null;
      setInterest();
    }
  }

  /// Ends the connection now.
  void fail(String why) {
    if (isClosed) {
      return;
    }
    isClosed = true;
    if (!isEnding) {
      isEnding = true;
      reason = why;
    }
    outgoing.clear();
    outgoingBytes = 0;
    rest = null;
    frames.close();
    try {
      channel.close();
    } catch (IOException _) {
      // It is closed as far as it can be.
    }
    receiver.closed(this, reason);
  }
}
