package io.quern.link;

import io.quern.protocol.Message;
import java.time.Duration;
import java.util.List;

/// One end of a connection: first in, first out in both directions. Sending never waits.
public interface Link extends AutoCloseable {

  /// Sets who hears this end; called once, before anything can arrive.
  void receive(Receiver receiver);

  /// Hands a message to the other end; dropped without notice after a close.
  void send(Message message);

  /// Hands over several messages, which then go in fewer and larger frames.
  default void sendAll(List<Message> messages) {
    messages.forEach(this::send);
  }

  /// Closes both ends; each receiver hears of it once, after everything sent before.
  @Override
  void close();

  /// Closes both ends because who is at the other one spoke for somebody else. It is not wanted
  /// back.
  default void cutOff(String why) {
    close();
  }

  /// Whether who was at the other end, now that the link is closed, may live on and come back.
  default boolean mayReturn() {
    return false;
  }

  /// How long nothing had been heard of the other end when the link was closed; zero if that is no
  /// longer than it may take from one sign of life to the next.
  default Duration silence() {
    return Duration.ZERO;
  }

  /// Hears one end of a link. Calls come one at a time and must return at once.
  interface Receiver {
    void received(Message message);

    void closed();
  }
}
