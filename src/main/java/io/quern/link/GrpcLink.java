package io.quern.link;

import io.quern.failure.ErrorCode;
import io.quern.protocol.Failure;
import io.quern.protocol.Message;
import io.quern.protocol.NodeReport;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.protocol.encoding.Hello;
import io.quern.protocol.encoding.MalformedFrameException;
import io.quern.protocol.encoding.MessageDecoder;
import io.quern.protocol.encoding.MessageEncoder;
import io.quern.protocol.encoding.ValueTooLargeException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One end of a link between processes: a gRPC stream, whichever side dialled.
///
/// What is sent is collected and goes in as few frames as possible: a thread of the link's own
/// takes whatever waits, so frames grow by themselves when there is much to say. Frames are read on
/// the connection's thread. Signs of life are answered by neither, but by [Heartbeats].
public final class GrpcLink implements Link, Heartbeats.Watched {
  private static final Logger LOG = System.getLogger(GrpcLink.class.getName());

  /// A frame is sent when it has grown to this, though more waits.
  private static final int FRAME_TARGET = 64 << 10;

  /// Messages taken at a time.
  private static final int ROUND = 256;

  /// By how much a sign of life may be late on a busy machine.
  private static final Duration LATENESS = Duration.ofMillis(500);

  private static final byte[] HEARTBEAT = {2 << 3 | 2, 0};

  /// What carries the frames.
  interface Stream {
    boolean isReady();

    void send(byte[] frame);

    /// Lets so many more frames come.
    void request(int frames);

    /// Ends the stream; what was sent before still goes out if `isOrderly`.
    void end(boolean isOrderly, String why);
  }

  private final String name;
  private final Hello peer;
  private final Stream stream;
  private final LinkSettings settings;
  private final RefusalCounts refusals;
  private final FunctionRegistry functions;
  private final Inbox<Message> outgoing = new Inbox<>(Integer.MAX_VALUE);
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private final Thread writer;
  private final Object hearing = new Object();
  private @Nullable Receiver receiver;
  private @Nullable MessageDecoder decoder;
  private boolean hasToldClosed;
  private volatile boolean isEnding;
  private volatile boolean wasCutOff;
  private volatile boolean isBroken;
  private volatile Duration silence = Duration.ZERO;
  private volatile boolean wantsHeartbeat;
  private final AtomicLong heardAt = new AtomicLong(System.nanoTime());
  private volatile long sentAt = System.nanoTime();

  /// @param name of the other side, for logs
  GrpcLink(
      String name,
      Hello peer,
      Stream stream,
      FunctionRegistry functions,
      LinkSettings settings,
      RefusalCounts refusals) {
    this.name = name;
    this.peer = peer;
    this.stream = stream;
    this.functions = functions;
    this.settings = settings;
    this.refusals = refusals;
    writer = Thread.ofVirtual().name("quern-link-" + name).unstarted(this::write);
  }

  /// How the other side introduced itself.
  public Hello peer() {
    return peer;
  }

  /// What is known of the other side so far.
  ///
  /// @param atMillis when it joined
  public NodeReport introduction(long atMillis) {
    return NodeReport.joined(
        peer.name(),
        name.substring(name.lastIndexOf('@') + 1),
        peer.engineVersion(),
        peer.labels(),
        atMillis);
  }

  /// Where the other side is.
  public String name() {
    return name;
  }

  @Override
  public void receive(Receiver receiver) {
    synchronized (hearing) {
      if (this.receiver != null) {
        throw new IllegalStateException("this end has a receiver already");
      }
      this.receiver = receiver;
      decoder = new MessageDecoder(functions, settings.maxPayload(), receiver::received);
    }
    heardAt.set(System.nanoTime());
    writer.start();
    Heartbeats.SHARED.add(this);
    stream.request(ROUND);
    if (isClosed.get()) {
      tellClosed();
    }
  }

  @Override
  public void send(Message message) {
    sendAll(List.of(message));
  }

  /// The writer is woken once.
  @Override
  public void sendAll(List<Message> messages) {
    if (isClosed.get()) {
      return;
    }
    if (outgoing.size() >= settings.maxWaiting()) {
      cutOff(RefusalReason.SLOW, settings.maxWaiting() + " messages wait to be taken");
    } else {
      outgoing.putAll(messages);
    }
  }

  /// The connection may have broken between two that live. One that was silent for too long has
  /// used up its time, and one that was cut off for what it sent is not wanted.
  @Override
  public boolean mayReturn() {
    return !wasCutOff;
  }

  @Override
  public Duration silence() {
    return silence;
  }

  @Override
  public void close() {
    end(true, "closed");
  }

  @Override
  public void cutOff(String why) {
    cutOff(RefusalReason.FORGED, why);
  }

  private void cutOff(RefusalReason reason, String why) {
    if (!isClosed.get()) {
      wasCutOff = true;
      refusals.add(reason);
      LOG.log(Level.WARNING, "link to {0} is cut: {1}", name, why);
      end(false, why);
    }
  }

  private void end(boolean isOrderly, String why) {
    if (isClosed.compareAndSet(false, true)) {
      Heartbeats.SHARED.remove(this);
      long granted = Heartbeats.SHARED.lateNanos();
      Duration unheard = Duration.ofNanos(System.nanoTime() - heardAt.get() - granted);
      Duration usual = settings.heartbeat().multipliedBy(2).plus(LATENESS);
      silence = unheard.compareTo(usual) > 0 ? unheard : Duration.ZERO;
      isBroken = !isOrderly;
      isEnding = true;
      LockSupport.unpark(writer);
      if (!isOrderly || writer.getState() == Thread.State.NEW) {
        stream.end(isOrderly, why);
      }
      tellClosed();
    }
  }

  private void tellClosed() {
    Receiver told;
    synchronized (hearing) {
      told = hasToldClosed ? null : receiver;
      hasToldClosed |= told != null;
    }
    if (told != null) {
      told.closed();
    }
  }

  // Called by the stream

  /// A frame has come; one at a time.
  void frame(byte[] frame) {
    heardAt.set(System.nanoTime());
    MessageDecoder reading;
    synchronized (hearing) {
      reading = hasToldClosed ? null : decoder;
    }
    if (reading == null) {
      return;
    }
    try {
      reading.read(frame);
      stream.request(1);
    } catch (MalformedFrameException e) {
      cutOff(RefusalReason.GARBAGE, String.valueOf(e.getMessage()));
    }
  }

  /// The stream can take more.
  void ready() {
    LockSupport.unpark(writer);
  }

  /// The stream has ended.
  void ended(String why) {
    if (!isClosed.get()) {
      LOG.log(Level.DEBUG, "link to {0} has ended: {1}", name, why);
    }
    end(false, why);
  }

  @Override
  public void tick(long nanoTime, long grantedNanos) {
    long heard = heardAt.addAndGet(grantedNanos);
    if (nanoTime - heard > settings.dead().toNanos()) {
      cutOff(RefusalReason.DEAD, "nothing heard for " + settings.dead());
    } else if (nanoTime - sentAt > settings.heartbeat().toNanos()) {
      sentAt = nanoTime;
      wantsHeartbeat = true;
      LockSupport.unpark(writer);
    }
  }

  // The writer

  private void write() {
    MessageEncoder encoder =
        new MessageEncoder(functions, settings.maxFrame(), settings.maxPayload());
    try {
      while (true) {
        while (encoder.size() < FRAME_TARGET
            && outgoing.drain(ROUND, message -> add(encoder, message)) > 0) {}
        if (encoder.size() > 0) {
          for (byte[] frame : encoder.takeFrames()) {
            send(frame);
          }
        } else if (wantsHeartbeat) {
          wantsHeartbeat = false;
          send(HEARTBEAT);
        } else if (isEnding) {
          stream.end(!isBroken, "closed");
          return;
        } else {
          outgoing.await(settings.heartbeat().toNanos());
        }
      }
    } catch (StreamEndedException e) {
      // Nobody hears what is left.
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "link to " + name + " failed", e);
      end(false, "a failure");
      stream.end(false, "a failure");
    }
  }

  /// The stream takes nothing more.
  private static final class StreamEndedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private void send(byte[] frame) {
    long since = System.nanoTime();
    while (isBroken || !stream.isReady()) {
      if (isBroken || (isEnding && System.nanoTime() - since > settings.dead().toNanos())) {
        stream.end(false, "closed");
        throw new StreamEndedException();
      }
      LockSupport.parkNanos(this, settings.heartbeat().toNanos());
    }
    sentAt = System.nanoTime();
    wantsHeartbeat = false;
    stream.send(frame);
  }

  private void add(MessageEncoder encoder, Message message) {
    try {
      encoder.add(message);
    } catch (ValueTooLargeException e) {
      refuse(encoder, message, new Failure(ErrorCode.OUT_OF_MEMORY, text(e), null, null, null));
    } catch (IllegalArgumentException e) {
      refuse(encoder, message, new Failure(ErrorCode.INTERNAL, text(e), null, null, null));
    }
  }

  private static String text(RuntimeException e) {
    return "an argument or result cannot be sent: " + e.getMessage();
  }

  /// A value that cannot be sent fails the runtime task it belongs to: a result's reader hears of
  /// the failure in its place, a task's submitter hears it from here.
  private void refuse(MessageEncoder encoder, Message message, Failure failure) {
    switch (message) {
      case Message.Result result ->
          encoder.add(
              new Message.Error(result.task(), result.completedBy(), failure, result.nanos()));
      case Message.SubmitBatch(List<RuntimeTask> tasks) when tasks.size() > 1 ->
          tasks.forEach(task -> add(encoder, new Message.Submit(task)));
      case Message.SubmitBatch(List<RuntimeTask> tasks) -> fail(tasks.getFirst().id(), failure);
      case Message.Submit(RuntimeTask task) -> fail(task.id(), failure);
      case Message.Communicate said ->
          LOG.log(
              Level.WARNING,
              "what is said to {0} does not reach {1}: {2}",
              said.address(),
              name,
              failure.message());
      default -> throw new IllegalStateException("cannot be sent: " + message);
    }
  }

  private void fail(RuntimeTaskId task, Failure failure) {
    Receiver told;
    synchronized (hearing) {
      told = hasToldClosed ? null : receiver;
    }
    if (told != null) {
      told.received(new Message.Error(task, RuntimeAddress.SERVER, failure, 0));
    }
  }
}
