package io.quern.manager;

import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import io.quern.runtime.ServerBase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Drives a [Manager] by hand: events in, the effects of the last event at hand.
final class ManagerDriver {
  static final LinkId BOSS = new LinkId(0);

  private final Manager manager;
  private Instant now = Instant.EPOCH;
  private List<Effect> effects = List.of();

  /// @param manager whose boss is at the other end of [#BOSS]
  ManagerDriver(Manager manager) {
    this.manager = manager;
  }

  /// Handles an event, which must be no defect, and checks that the tables fit together.
  void handle(Event event) {
    effects = manager.handleMessage(event, now);
    for (ServerBase.SystemError error : manager.takeSystemErrors()) {
      throw new AssertionError(event + " could not be handled", error.failure());
    }
    manager.verify();
  }

  void receive(LinkId link, Message message) {
    handle(new Event.Received(link, message));
  }

  /// A worker is there.
  void connect(LinkId worker) {
    handle(new Event.LinkOpened(worker));
    receive(worker, new Message.Started(1));
  }

  void finish(LinkId worker, RuntimeTask task, long nanos) {
    receive(worker, new Message.Result(task.id(), 0, task.function(), "value", nanos));
  }

  Instant now() {
    return now;
  }

  ManagerDriver pass(Duration time) {
    now = now.plus(time);
    return this;
  }

  /// Lets time pass, and what was to happen after it happen.
  void passAndFire(Duration time) {
    pass(time).handle(new Event.TimerFired());
  }

  List<Effect> effects() {
    return effects;
  }

  /// The messages the last event sent to a link.
  List<Message> sent(LinkId link) {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(Effect.Send.class::cast)
        .filter(send -> send.link().equals(link))
        .map(Effect.Send::message)
        .toList();
  }
}
