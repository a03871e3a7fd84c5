package io.quern.runtime.simulation;

import io.quern.link.InMemoryLink;
import io.quern.link.Link;
import io.quern.protocol.Message;
import io.quern.protocol.encoding.MessageDecoder;
import io.quern.protocol.encoding.MessageEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Links whose messages take their time and keep their order.
final class SimulatedLinks {
  private final Scheduler scheduler;
  private final int meanMicros;
  private final boolean areEncoded;

  /// @param areEncoded whether every message becomes bytes and is read again
  SimulatedLinks(Scheduler scheduler, int meanMicros, boolean areEncoded) {
    this.areEncoded = areEncoded;
    this.scheduler = scheduler;
    this.meanMicros = meanMicros;
  }

  /// What arrives of a message that becomes bytes, in small frames so that some go in chunks.
  private static Message reread(Message message) {
    MessageEncoder encoder = new MessageEncoder(ScriptFunctions.REGISTRY, 300, 1 << 20);
    encoder.add(message);
    List<Message> heard = new ArrayList<>();
    MessageDecoder decoder = new MessageDecoder(ScriptFunctions.REGISTRY, 1 << 20, heard::add);
    encoder.takeFrames().forEach(decoder::read);
    if (heard.size() != 1) {
      throw new AssertionError(message + " was read as " + heard);
    }
    return heard.getFirst();
  }

  InMemoryLink.Pair pair() {
    return InMemoryLink.pair();
  }

  /// Lets an end hear what arrives, later.
  void listen(Link end, Consumer<Message> received, Runnable closed) {
    end.receive(
        new Link.Receiver() {
          private Instant last = Instant.EPOCH;

          @Override
          public void received(Message message) {
            Message heard = areEncoded ? reread(message) : message;
            later(() -> received.accept(heard));
          }

          @Override
          public void closed() {
            later(closed);
          }

          private void later(Runnable arrival) {
            Instant time = scheduler.now().plus(scheduler.delay(meanMicros));
            last = time.isBefore(last) ? last : time;
            scheduler.at(last, arrival);
          }
        });
  }
}
