package io.quern.manager;

import io.quern.protocol.LinkId;
import io.quern.protocol.NodeReport;
import io.quern.runtime.EmployeePhase;
import io.quern.runtime.NodeStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a boss is told of who its manager is and whom that has below: when it has changed, and once
/// a second at most.
final class RosterReports {

  /// Pause between two reports.
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ManagerLoop.Self self;
  private final Instant startedAt;

  /// How those below who have a process of their own introduced themselves.
  private final Map<LinkId, NodeReport> introductions = new HashMap<>();

  /// What the boss was last told; null before the first time.
  private @Nullable NodeReport told;

  /// When it may be told again.
  private Instant mayTellAt;

  /// Whether something may have changed since.
  private boolean isDue = true;

  RosterReports(ManagerLoop.Self self, Instant startedAt) {
    this.self = self;
    this.startedAt = startedAt;
    mayTellAt = startedAt;
  }

  /// Somebody with a process of its own has joined.
  void joined(LinkId link, NodeReport introduction) {
    introductions.put(link, introduction);
  }

  void left(LinkId link) {
    introductions.remove(link);
  }

  /// Something may have changed.
  void changed() {
    isDue = true;
  }

  /// The boss is at the other end of a new link and knows nothing.
  void startAnew() {
    told = null;
  }

  /// How long until the next report may be told, in nanoseconds; [Long#MAX_VALUE] if there is none.
  long nanosToNext(Instant now) {
    return isDue ? Math.max(0, Duration.between(now, mayTellAt).toNanos()) : Long.MAX_VALUE;
  }

  /// @return what the boss is to be told now; null for nothing
  @Nullable NodeReport toTell(Instant now, NodeStatistics statistics, int tasksOfBoss) {
    if (!isDue || now.isBefore(mayTellAt)) {
      return null;
    }
    isDue = false;
    NodeReport report = reportOf(statistics, tasksOfBoss);
    if (report.equals(told)) {
      return null;
    }
    told = report;
    mayTellAt = now.plus(PAUSE);
    return report;
  }

  private NodeReport reportOf(NodeStatistics statistics, int tasksOfBoss) {
    int slotsHere = 0;
    List<NodeReport> below = new ArrayList<>(introductions.size());
    for (NodeStatistics.Employee each : statistics.employees()) {
      NodeReport introduction = introductions.get(each.link());
      if (each.phase() == EmployeePhase.AWAY) {
        // Its slots are nobody's while its link is broken.
        continue;
      }
      if (introduction == null) {
        slotsHere += each.workers();
      } else {
        below.add(
            introduction.now(each.roster(), each.workers(), each.idleWorkers(), each.tasks()));
      }
    }
    return new NodeReport(
        self.name(),
        "",
        self.engineVersion(),
        self.isWorker(),
        self.labels(),
        startedAt.toEpochMilli(),
        slotsHere,
        statistics.idleWorkers(),
        tasksOfBoss,
        statistics.waiting(),
        below);
  }
}
