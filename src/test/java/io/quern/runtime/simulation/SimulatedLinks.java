package io.quern.runtime.simulation;

import io.quern.link.InMemoryLink;
import io.quern.link.Link;
import io.quern.protocol.Message;
import java.time.Instant;
import java.util.function.Consumer;

/// Links whose messages take their time and keep their order.
final class SimulatedLinks {
  private final Scheduler scheduler;
  private final int meanMicros;

  SimulatedLinks(Scheduler scheduler, int meanMicros) {
    this.scheduler = scheduler;
    this.meanMicros = meanMicros;
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
            later(() -> received.accept(message));
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
