package io.quern.link;

import io.quern.protocol.Message;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A link within one JVM: messages are handed over as they are, on the sender's thread.
///
/// Each end may be used by one sending thread; receivers pass what they hear on to their own loop.
public final class InMemoryLink implements Link {

  /// The two ends of one link.
  public record Pair(Link boss, Link employee) {}

  private final AtomicBoolean closed;
  private @Nullable InMemoryLink other;
  private volatile @Nullable Receiver receiver;

  private InMemoryLink(AtomicBoolean closed) {
    this.closed = closed;
  }

  public static Pair pair() {
    AtomicBoolean closed = new AtomicBoolean();
    InMemoryLink boss = new InMemoryLink(closed);
    InMemoryLink employee = new InMemoryLink(closed);
    boss.other = employee;
    employee.other = boss;
    return new Pair(boss, employee);
  }

  @Override
  public void receive(Receiver receiver) {
    if (this.receiver != null) {
      throw new IllegalStateException("this end has a receiver already");
    }
    this.receiver = receiver;
  }

  @Override
  public void send(Message message) {
    if (!closed.get()) {
      peer().received(message);
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      peer().closed();
      Receiver own = receiver;
      if (own != null) {
        own.closed();
      }
    }
  }

  private Receiver peer() {
    InMemoryLink peer = other;
    Receiver listening = peer == null ? null : peer.receiver;
    if (listening == null) {
      throw new IllegalStateException("the other end has no receiver yet");
    }
    return listening;
  }
}
