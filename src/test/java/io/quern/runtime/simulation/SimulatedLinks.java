package io.quern.runtime.simulation;

import io.quern.link.Link;
import io.quern.protocol.Message;
import io.quern.protocol.encoding.MessageDecoder;
import io.quern.protocol.encoding.MessageEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Links whose messages take their time and keep their order.
final class SimulatedLinks {
  private static final int HOLD_UP_MICROS = 30_000;

  private final Scheduler scheduler;
  private Faults.OfLinks faults;

  SimulatedLinks(Scheduler scheduler, Faults.OfLinks faults) {
    this.scheduler = scheduler;
    this.faults = faults;
  }

  void setFaults(Faults.OfLinks faults) {
    this.faults = faults;
  }

  /// The two ends of one link.
  record Pair(End boss, End employee) {}

  /// A link between processes.
  Pair pair() {
    return pair(false);
  }

  /// A link within a process: nothing is lost on it and nothing comes twice.
  Pair inside() {
    return pair(true);
  }

  private Pair pair(boolean isInside) {
    End boss = new End(isInside);
    End employee = new End(isInside);
    boss.other = employee;
    employee.other = boss;
    return new Pair(boss, employee);
  }

  /// Makes messages bytes, in small frames so that some go in chunks, and reads them again.
  private static final class Codec {
    private final List<Message> heard = new ArrayList<>();
    private final MessageEncoder encoder =
        new MessageEncoder(ScriptFunctions.REGISTRY, 300, 1 << 20);
    private final MessageDecoder decoder =
        new MessageDecoder(ScriptFunctions.REGISTRY, 1 << 20, heard::add);

    private Message reread(Message message) {
      encoder.add(message);
      encoder.takeFrames().forEach(decoder::read);
      if (heard.size() != 1) {
        throw new AssertionError(message + " was read as " + heard);
      }
      return heard.removeLast();
    }
  }

  /// One end of a link.
  final class End implements Link {
    private final boolean isInside;
    private final @Nullable Codec codec = faults.areEncoded() ? new Codec() : null;
    private @Nullable End other;
    private @Nullable SimulatedProcess process;
    private @Nullable Receiver receiver;
    private Instant last = Instant.EPOCH;
    private boolean isClosed;

    /// Messages sent to this end, and those of them that have arrived.
    private long sent;

    private long arrived;

    /// What is sent after so many is lost.
    private long kept = Long.MAX_VALUE;

    private End(boolean isInside) {
      this.isInside = isInside;
    }

    /// Lets a process hear what arrives, later.
    void receive(SimulatedProcess listener, Consumer<Message> received, Runnable closed) {
      process = listener;
      receive(
          new Receiver() {
            @Override
            public void received(Message message) {
              received.accept(message);
            }

            @Override
            public void closed() {
              closed.run();
            }
          });
    }

    @Override
    public void receive(Receiver listener) {
      if (receiver != null) {
        throw new IllegalStateException("this end has a receiver already");
      }
      receiver = listener;
    }

    @Override
    public void send(Message message) {
      if (!isClosed) {
        peer().comes(message);
      }
    }

    /// Whether that is the other end.
    boolean leadsTo(End end) {
      return end.equals(other);
    }

    private End peer() {
      End peer = other;
      if (peer == null) {
        throw new IllegalStateException("an end without another");
      }
      return peer;
    }

    private void comes(Message message) {
      Message heard = codec == null ? message : codec.reread(message);
      int times = 1;
      if (!isInside) {
        if (mayComeTwice(message)
            && scheduler.fault(FaultKind.MESSAGE_REPEATED, faults.repeats())) {
          times = 2;
        }
        if (scheduler.fault(FaultKind.MESSAGE_DELAYED, faults.holdUps())) {
          later(scheduler.delay(HOLD_UP_MICROS), () -> {});
        }
      }
      Duration delay = scheduler.delay(faults.meanMicros());
      for (int i = 0; i < times; i++) {
        long number = ++sent;
        later(
            i == 0 ? delay : Duration.ZERO,
            () -> {
              if (number <= kept) {
                arrived = number;
                listener().received(heard);
              }
            });
      }
    }

    /// Only what names a run of a task, or a cancel: the rest counts on links that repeat nothing.
    private boolean mayComeTwice(Message message) {
      return message instanceof Message.Result
          || message instanceof Message.Error
          || message instanceof Message.Cancel
          || message instanceof Message.Ack;
    }

    private Receiver listener() {
      Receiver listener = receiver;
      if (listener == null) {
        throw new IllegalStateException("the other end has no receiver yet");
      }
      return listener;
    }

    private void later(Duration delay, Runnable arrival) {
      Instant time = scheduler.now().plus(delay);
      last = time.isBefore(last) ? last : time;
      SimulatedProcess at = process;
      if (at == null) {
        throw new IllegalStateException("the other end belongs to nobody yet");
      }
      at.at(last, arrival);
    }

    /// Ends the link in order: what was sent before arrives.
    @Override
    public void close() {
      if (!isClosed) {
        isClosed = true;
        peer().isClosed = true;
        tellClosed();
        peer().tellClosed();
      }
    }

    /// Breaks the link: of what is on its way in each direction only a part arrives.
    void cut() {
      if (!isClosed) {
        loseSome();
        peer().loseSome();
        close();
      }
    }

    private void loseSome() {
      int onTheWay = (int) (sent - arrived);
      if (onTheWay > 0) {
        kept = arrived + scheduler.below(onTheWay + 1);
        if (kept < sent) {
          scheduler.fault(FaultKind.MESSAGES_LOST);
        }
      }
    }

    private void tellClosed() {
      if (receiver != null) {
        later(scheduler.delay(faults.meanMicros()), () -> listener().closed());
      }
    }
  }
}
