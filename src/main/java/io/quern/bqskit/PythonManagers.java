package io.quern.bqskit;

import io.quern.bqskit.wire.ToManager;
import io.quern.bqskit.wire.WireAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The managers that are connected: which worker ids each of them may give out, which of them have
/// started and so may be handed tasks, and what they are told.
final class PythonManagers {
  /// Worker ids lie from 0 to below this, as in the original.
  private static final long IDS = 1L << 30;

  /// Worker ids for one manager and everything below it. A range is never used again once its
  /// manager has started: workers keep addresses that were cancelled for as long as they live.
  static final long RANGE = 1L << 16;

  private final Consumer<BqskitEffect> effects;
  private final Map<Long, PythonManager> byConnection = new LinkedHashMap<>();

  /// By the lower end of their ranges.
  private final TreeMap<Long, PythonManager> byRange = new TreeMap<>();

  private final List<PythonManager> started = new ArrayList<>();
  private long nextRange;

  /// Lower ends of ranges whose managers never started: no worker was ever told of an id in them.
  private final ArrayDeque<Long> unusedRanges = new ArrayDeque<>();

  PythonManagers(Consumer<BqskitEffect> effects) {
    this.effects = effects;
  }

  /// A manager has been reached: it is told its range, unless all have been given out.
  void connected(long connection, String name, Instant now) {
    Long lower = unusedRanges.poll();
    if (lower == null) {
      if (nextRange + RANGE > IDS) {
        close(connection, "all worker ids have been given out; start the server anew");
        return;
      }
      lower = nextRange;
      nextRange += RANGE;
    }
    PythonManager manager = new PythonManager(connection, name, now, lower, lower + RANGE);
    byConnection.put(connection, manager);
    byRange.put(manager.lower(), manager);
    tell(manager, new ToManager.Connect(manager.lower(), manager.upper()));
  }

  @Nullable PythonManager find(long connection) {
    return byConnection.get(connection);
  }

  /// Those that are connected, whether they have started or not.
  List<PythonManager> all() {
    return List.copyOf(byConnection.values());
  }

  /// Its workers are ready: it may be handed tasks.
  void started(PythonManager manager, int workers) {
    manager.started(workers);
    started.add(manager);
  }

  /// Those that may be handed tasks, in the order in which they started.
  List<PythonManager> started() {
    return Collections.unmodifiableList(started);
  }

  /// The manager that gave out the worker id of an address; null if it is not connected.
  @Nullable PythonManager owner(WireAddress address) {
    Map.Entry<Long, PythonManager> range = byRange.floorEntry(address.worker());
    return range != null && range.getValue().owns(address) ? range.getValue() : null;
  }

  void tell(PythonManager manager, ToManager message) {
    effects.accept(new BqskitEffect.TellManager(manager.connection(), message));
  }

  /// Tells all that have started.
  void broadcast(ToManager message) {
    started.forEach(manager -> tell(manager, message));
  }

  /// It is not to be worked with any more, and told to end if it still hears.
  void remove(PythonManager manager, String reason) {
    byConnection.remove(manager.connection());
    byRange.remove(manager.lower());
    started.remove(manager);
    if (!manager.isStarted()) {
      unusedRanges.add(manager.lower());
    }
    tell(manager, new ToManager.Shutdown());
    close(manager.connection(), reason);
  }

  /// Tells all to end.
  void shutDown() {
    for (PythonManager manager : byConnection.values()) {
      tell(manager, new ToManager.Shutdown());
      close(manager.connection(), "the server stops");
    }
    byConnection.clear();
    byRange.clear();
    started.clear();
  }

  private void close(long connection, String reason) {
    effects.accept(new BqskitEffect.CloseManager(connection, reason));
  }
}
