package io.quern.server;

import io.quern.link.Link;
import io.quern.protocol.LinkId;
import io.quern.protocol.NodeReport;
import io.quern.runtime.NodeStatistics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The links to the server's employees that are open, and who is at the other end of each.
///
/// Thread-safe: links open and end in their own call backs.
final class EmployeeLinks {

  /// @param name of the employee, for people
  /// @param introduction what is known of it; null for the one in this process, which is known by
  ///   its own report only
  private record Joined(Link link, String name, @Nullable NodeReport introduction, Instant at) {}

  /// Guarded by this.
  private final Map<LinkId, Joined> joined = new HashMap<>();

  private long counter;

  /// @param name of the employee, for people
  /// @param introduction what is known of it so far; null for the one in this process
  synchronized LinkId add(Link link, String name, @Nullable NodeReport introduction, Instant at) {
    LinkId id = new LinkId(++counter);
    joined.put(id, new Joined(link, name, introduction, at));
    return id;
  }

  synchronized void remove(LinkId id) {
    joined.remove(id);
  }

  synchronized @Nullable Link get(LinkId id) {
    Joined who = joined.get(id);
    return who == null ? null : who.link();
  }

  /// The name of the employee at the other end; null if that link has ended.
  synchronized @Nullable String nameOf(LinkId id) {
    Joined who = joined.get(id);
    return who == null ? null : who.name();
  }

  /// Who works for the server.
  ///
  /// @param employees as the server sees them
  synchronized List<ClusterNode> cluster(List<NodeStatistics.Employee> employees) {
    List<ClusterNode> members = new ArrayList<>();
    for (NodeStatistics.Employee each : employees) {
      Joined who = joined.get(each.link());
      if (who != null) {
        members.add(ClusterNode.of(each, who.introduction(), who.at()));
      }
    }
    return members;
  }
}
