package io.quern.bqskit.wire;

import java.util.List;

/// BQSKit's `RuntimeTask` on its way to a worker.
///
/// @param address where its result goes; its identity
/// @param compilation number of the server's mailbox that its root's result goes to
/// @param breadcrumbs the addresses of its ancestors, the root's first; empty for a root
/// @param value the `RuntimeTask` itself
public record WireTask(
    WireAddress address, long compilation, List<WireAddress> breadcrumbs, PickledValue value) {
  public WireTask {
    breadcrumbs = List.copyOf(breadcrumbs);
  }
}
