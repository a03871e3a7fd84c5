package io.quern.manager;

import io.quern.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A boss that is lost and found: whether it is away, and what it is to hear once it has taken its
/// manager back. That is the log of its compilations, as far as there is room, and what became of
/// tasks after the manager has said that they are here; everything else follows from what there is
/// then.
final class Absence {
  private final Untold untold = new Untold();

  /// What became of tasks that the inventory says are here.
  private final List<Message> sinceInventory = new ArrayList<>();

  private boolean isOn;
  private boolean hasToldInventory;
  private int number;

  /// The boss is lost.
  void begin() {
    isOn = true;
    number++;
    hasToldInventory = false;
    sinceInventory.clear();
  }

  /// Whether the boss is away.
  boolean isOn() {
    return isOn;
  }

  /// How often the boss was lost: what a link was owed is not said on a later one.
  int number() {
    return number;
  }

  /// The boss, who is back and has yet to answer, has been told what there is.
  void toldInventory() {
    hasToldInventory = true;
  }

  /// Keeps what is to be said to the boss, who is away, as far as it is worth anything later.
  ///
  /// @return false if it is and there is no room for it
  boolean keep(Message message) {
    if (message instanceof Message.RunReport report) {
      return untold.add(report);
    }
    if (hasToldInventory
        && (message instanceof Message.Lost
            || message instanceof Message.Recalled
            || message instanceof Message.Drain)) {
      sinceInventory.add(message);
    }
    return true;
  }

  /// The boss has taken its manager back.
  void end() {
    isOn = false;
  }

  /// Tells what was kept, in order, and forgets it.
  void tell(Consumer<Message> boss) {
    untold.tell(boss);
    sinceInventory.forEach(boss);
    sinceInventory.clear();
  }
}
