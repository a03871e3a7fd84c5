package io.quern.runtime;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTaskId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Results that came over one link, in order, until the sender may forget them.
public final class Arrivals {
  private final Deque<Slip> waiting = new ArrayDeque<>();

  /// What was here when the link broke: its sender sends it again.
  private Map<RuntimeTaskId, Slip> before = Map.of();

  /// The newest on this link: what comes twice comes twice in a row, and is sent once.
  private @Nullable RuntimeTaskId newest;

  /// Notes a result; null if it is a double.
  public @Nullable Slip arrive(RuntimeTaskId task, Message message) {
    if (task.equals(newest)) {
      return null;
    }
    newest = task;
    Slip known = before.isEmpty() ? null : before.remove(task);
    Slip slip = known == null ? new Slip(task, message) : known;
    waiting.add(slip);
    return known == null ? slip : null;
  }

  /// How many more, from the oldest on, are where they are for.
  public int takeDone() {
    int done = 0;
    while (!waiting.isEmpty() && waiting.element().isDone()) {
      waiting.remove();
      done++;
    }
    return done;
  }

  /// The sender has another link now and sends everything again that was not acknowledged.
  public void startAnew() {
    Map<RuntimeTaskId, Slip> known = new HashMap<>(before);
    waiting.forEach(slip -> known.put(slip.task(), slip));
    before = known;
    waiting.clear();
    newest = null;
  }
}
