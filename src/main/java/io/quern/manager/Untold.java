package io.quern.manager;

import io.quern.protocol.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// What a manager has to tell of its boss's compilations while the boss is away, oldest first: log
/// lines, progress, finished blocks, and of each compilation its newest checkpoint. Bounded by
/// number and by bytes.
final class Untold {
  private static final int MAX_MESSAGES = 10_000;
  private static final long MAX_BYTES = 64L << 20;

  private final Deque<Message> messages = new ArrayDeque<>();
  private long bytes;

  /// @return false if there is no room for it
  boolean add(Message message) {
    if (message instanceof Message.Checkpoint newest) {
      messages.removeIf(each -> isOlder(each, newest));
    }
    long more = size(message);
    if (messages.size() >= MAX_MESSAGES || bytes + more > MAX_BYTES) {
      return false;
    }
    messages.add(message);
    bytes += more;
    return true;
  }

  private boolean isOlder(Message message, Message.Checkpoint newest) {
    boolean isOlder =
        message instanceof Message.Checkpoint older && older.root().equals(newest.root());
    bytes -= isOlder ? size(message) : 0;
    return isOlder;
  }

  private static long size(Message message) {
    return switch (message) {
      case Message.Log log -> log.text().length();
      case Message.Checkpoint checkpoint -> checkpoint.state().size();
      case Message.BlockDone block -> block.value().size();
      default -> 0;
    };
  }

  /// Tells all of it, in order, and forgets it.
  void tell(Consumer<Message> boss) {
    messages.forEach(boss);
    messages.clear();
    bytes = 0;
  }
}
