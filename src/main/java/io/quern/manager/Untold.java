package io.quern.manager;

import io.quern.protocol.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// What a manager has to tell of its boss's compilations while the boss is away, oldest first: log
/// lines, progress, finished blocks, and of each compilation its newest checkpoint. Bounded by
/// number and by bytes.
final class Untold {
  private static final int MAX_REPORTS = 10_000;
  private static final long MAX_BYTES = 64L << 20;

  private final Deque<Message.RunReport> reports = new ArrayDeque<>();
  private long bytes;

  /// @return false if there is no room for it
  boolean add(Message.RunReport report) {
    if (report instanceof Message.Checkpoint newest) {
      reports.removeIf(each -> isOlder(each, newest));
    }
    long more = size(report);
    if (reports.size() >= MAX_REPORTS || bytes + more > MAX_BYTES) {
      return false;
    }
    reports.add(report);
    bytes += more;
    return true;
  }

  private boolean isOlder(Message.RunReport report, Message.Checkpoint newest) {
    boolean isOlder =
        report instanceof Message.Checkpoint older && older.root().equals(newest.root());
    bytes -= isOlder ? size(report) : 0;
    return isOlder;
  }

  private static long size(Message.RunReport report) {
    return switch (report) {
      case Message.Log log -> log.text().length();
      case Message.Checkpoint checkpoint -> checkpoint.state().size();
      case Message.BlockDone block -> block.value().size();
      case Message.ProgressMade _ -> 0;
    };
  }

  /// Tells all of it, in order, and forgets it.
  void tell(Consumer<Message> boss) {
    reports.forEach(boss);
    reports.clear();
    bytes = 0;
  }
}
