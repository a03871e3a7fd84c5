package io.quern.bqskit;

import io.quern.bqskit.wire.FromManager;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.ToManager;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireResult;
import io.quern.bqskit.wire.WireTask;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The managers below: who may give out which worker ids, who runs what, where results go, and what
/// is to be done when one is lost.
final class PythonCluster {
  /// Worker ids lie from 0 to below this, as in the original.
  private static final long IDS = 1L << 30;

  /// Worker ids for one manager and everything below it. A range is never used again once its
  /// manager has started: workers keep addresses that were cancelled for as long as they live.
  private static final long RANGE = 1L << 16;

  /// What happens to compilations.
  interface Listener {
    /// The running compilation a mailbox of the server belongs to; null if there is none any more.
    @Nullable PythonCompilation running(long mailbox);

    /// A manager can be handed tasks.
    void ready();

    void returned(PythonCompilation compilation, WireResult result);

    void failed(PythonCompilation compilation, String traceback);

    void logged(PythonCompilation compilation, PickledValue record);

    /// Managers that have a root that is suspected of ending managers.
    Set<PythonManager> suspectHolders();

    /// The running compilations whose roots a manager has.
    List<PythonCompilation> lostRoots(PythonManager manager);

    /// The roots that a manager had when it was lost. Nothing of them is left anywhere.
    ///
    /// @param blamed those that may have ended it; the only one is likely to
    void lost(List<PythonCompilation> roots, Set<PythonCompilation> blamed, ManagerEnd end);
  }

  /// The root runtime task of a compilation.
  record Root(WireTask task, PythonCompilation compilation) {}

  private final Listener listener;
  private final ImportPaths forwarded;
  private final Random random;
  private final Consumer<BqskitEffect> effects;
  private final Map<Long, PythonManager> byConnection = new LinkedHashMap<>();

  /// By the lower end of their ranges.
  private final TreeMap<Long, PythonManager> byRange = new TreeMap<>();

  /// Those that may be handed tasks.
  private final List<PythonManager> started = new ArrayList<>();

  private final HeldTasks held = new HeldTasks();
  private long nextRange;

  /// Lower ends of ranges whose managers never started: no worker was ever told of an id in them.
  private final ArrayDeque<Long> unusedRanges = new ArrayDeque<>();

  private long ranAgain;
  private long dropped;
  private long lost;

  PythonCluster(
      Listener listener, ImportPaths forwarded, Random random, Consumer<BqskitEffect> effects) {
    this.listener = listener;
    this.forwarded = forwarded;
    this.random = random;
    this.effects = effects;
  }

  boolean hasManagers() {
    return !started.isEmpty();
  }

  List<PythonManager> managers() {
    return List.copyOf(byConnection.values());
  }

  /// Runtime tasks handed out again because a manager was lost; roots are not counted here.
  long ranAgain() {
    return ranAgain;
  }

  /// Messages from below that were to nobody's good.
  long dropped() {
    return dropped;
  }

  /// Managers lost.
  long lost() {
    return lost;
  }

  /// Runtime tasks whose results are waited for here.
  int heldTasks() {
    return held.size();
  }

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

  void said(long connection, FromManager message) {
    PythonManager manager = byConnection.get(connection);
    if (manager == null) {
      return;
    }
    if (message instanceof FromManager.Started(int workers)) {
      if (manager.isStarted() || workers < 0 || workers > RANGE) {
        lose(
            manager,
            "STARTED twice, or with " + workers + " workers, expected 0 to " + RANGE,
            ManagerEnd.BROKEN);
        return;
      }
      manager.started(workers);
      started.add(manager);
      listener.ready();
      return;
    }
    if (!manager.isStarted()) {
      lose(
          manager,
          "expected STARTED first, found " + message.getClass().getSimpleName(),
          ManagerEnd.BROKEN);
      return;
    }
    handle(manager, message);
  }

  private void handle(PythonManager manager, FromManager message) {
    switch (message) {
      case FromManager.Started _ -> throw new IllegalStateException("dealt with before");
      case FromManager.Submit(List<WireTask> tasks) -> submitted(manager, tasks);
      case FromManager.Result(WireResult result) -> returned(manager, result);
      case FromManager.Failure(long compilation, String text) -> {
        PythonCompilation failed = listener.running(compilation);
        if (failed == null) {
          dropped++;
        } else {
          listener.failed(failed, text);
        }
      }
      case FromManager.Log(long compilation, PickledValue record) -> {
        PythonCompilation speaker = listener.running(compilation);
        if (speaker == null) {
          dropped++;
        } else {
          listener.logged(speaker, record);
        }
      }
      case FromManager.Cancel(WireAddress address) -> {
        if (manager.owns(address)) {
          held.removeWithDescendants(address);
          // To the sender too: a manager only passes it up.
          broadcast(new ToManager.Cancel(address));
        } else {
          dropped++;
        }
      }
      case FromManager.Communicate(List<WireAddress> addresses, PickledValue payload) -> {
        for (WireAddress address : addresses) {
          HeldTasks.Held task = held.get(address);
          if (task != null && manager.owns(address)) {
            task.messages().add(payload);
          }
        }
        broadcast(new ToManager.Communicate(payload));
      }
      case FromManager.Waiting(int idle, @Nullable WireAddress receipt) ->
          manager.waiting(idle, receipt);
      case FromManager.Update(int difference) -> manager.update(difference);
      case FromManager.Dying(String text) -> lose(manager, "it failed: " + text, ManagerEnd.FAILED);
      case FromManager.Shutdown(boolean isAskedFor) ->
          lose(manager, "it leaves", isAskedFor ? ManagerEnd.ASKED_FOR : ManagerEnd.FAILED);
    }
  }

  private void submitted(PythonManager manager, List<WireTask> tasks) {
    List<WireTask> valid = new ArrayList<>(tasks.size());
    PythonManager only = null;
    for (WireTask task : tasks) {
      PythonCompilation compilation = listener.running(task.compilation());
      if (compilation == null
          || !manager.owns(task.address())
          || !task.breadcrumbs().contains(WireAddress.root(task.compilation()))) {
        dropped++;
      } else {
        valid.add(task);
        only = compilation.isSuspected() ? compilation.holder : only;
      }
    }
    if (valid.isEmpty()) {
      return;
    }
    // What a suspect does, it does to its own manager.
    handOut(valid, only == null ? started : List.of(only));
  }

  private void returned(PythonManager manager, WireResult result) {
    manager.update(-1);
    WireAddress address = result.address();
    if (address.worker() == WireAddress.SERVER) {
      PythonCompilation compilation = listener.running(address.mailbox());
      if (compilation == null || compilation.holder != manager) {
        dropped++;
      } else {
        held.removeWithDescendants(address);
        listener.returned(compilation, result);
      }
      return;
    }
    HeldTasks.Held task = held.get(address);
    PythonManager owner = owner(address);
    if (task == null || task.holder() != manager || owner == null) {
      // Of a task that was cancelled, or whose result has come already.
      dropped++;
      return;
    }
    held.remove(address);
    tell(owner, new ToManager.Result(result));
  }

  private @Nullable PythonManager owner(WireAddress address) {
    Map.Entry<Long, PythonManager> range = byRange.floorEntry(address.worker());
    return range != null && range.getValue().owns(address) ? range.getValue() : null;
  }

  /// Hands out roots, each to be marked with the manager that has it.
  void handOutRoots(List<Root> roots) {
    List<WireTask> plain = new ArrayList<>();
    for (Root root : roots) {
      if (root.compilation().isSuspected()) {
        handOut(List.of(root.task()), List.of(withoutSuspects()));
      } else {
        plain.add(root.task());
      }
    }
    if (!plain.isEmpty()) {
      handOut(plain, started);
    }
  }

  private PythonManager withoutSuspects() {
    Set<PythonManager> taken = listener.suspectHolders();
    return started.stream()
        .filter(manager -> !taken.contains(manager))
        .min(Comparator.comparingInt(PythonManager::tasks))
        .orElse(started.getFirst());
  }

  /// How many managers can take tasks.
  int size() {
    return started.size();
  }

  private void handOut(List<WireTask> tasks, List<PythonManager> managers) {
    Assignment.assign(tasks, managers, random).forEach(this::handOver);
  }

  private void handOver(PythonManager manager, List<WireTask> batch) {
    PythonCompilation last = null;
    for (WireTask task : batch) {
      PythonCompilation compilation = listener.running(task.compilation());
      if (compilation != null && compilation != last) {
        last = compilation;
        sendPaths(manager, compilation);
      }
      if (task.breadcrumbs().isEmpty()) {
        if (compilation != null) {
          compilation.holder = manager;
        }
      } else if (manager.owns(task.address())) {
        held.remove(task.address());
      } else {
        held.put(task, manager);
      }
    }
    manager.handed(batch.getFirst().address(), batch.size());
    tell(manager, new ToManager.Submit(batch));
  }

  private void sendPaths(PythonManager manager, PythonCompilation compilation) {
    if (manager.lacks(compilation.importPaths())) {
      List<String> paths = forwarded.of(compilation.importPaths());
      if (!paths.isEmpty()) {
        tell(manager, new ToManager.ImportPath(paths));
      }
    }
  }

  /// Ends everything of a compilation on all workers.
  void cancel(WireAddress root) {
    held.removeWithDescendants(root);
    broadcast(new ToManager.Cancel(root));
  }

  void gone(long connection, String reason) {
    PythonManager manager = byConnection.get(connection);
    if (manager != null) {
      lose(manager, reason, ManagerEnd.BROKEN);
    }
  }

  /// Deals with the end of a manager, in an order that matters: a worker drops every later task
  /// with an address that was cancelled, or with one among its breadcrumbs, so nothing may be
  /// handed out again under an address before it is clear that it is not cancelled.
  private void lose(PythonManager manager, String reason, ManagerEnd end) {
    lost++;
    byConnection.remove(manager.connection());
    byRange.remove(manager.lower());
    boolean wasStarted = started.remove(manager);
    tell(manager, new ToManager.Shutdown());
    close(manager.connection(), reason);
    if (!wasStarted) {
      unusedRanges.add(manager.lower());
      return;
    }
    List<PythonCompilation> roots = listener.lostRoots(manager);
    Set<PythonCompilation> blamed = end == ManagerEnd.ASKED_FOR ? Set.of() : blame(manager, roots);
    // 1. Its roots start anew under other addresses.
    for (PythonCompilation root : roots) {
      root.holder = null;
      cancel(WireAddress.root(root.mailbox));
    }
    // 2. Nobody waits any more for what its workers have handed to others.
    for (HeldTasks.Held task : List.copyOf(held.all())) {
      WireAddress address = task.task().address();
      if (manager.owns(address) && held.get(address) == task) {
        held.removeWithDescendants(address);
        broadcast(new ToManager.Cancel(address));
      }
    }
    // 3. What it had of others is done elsewhere.
    List<HeldTasks.Held> again = new ArrayList<>();
    for (HeldTasks.Held task : held.all()) {
      if (task.holder() == manager) {
        again.add(task);
      }
    }
    handOutAgain(again);
    listener.lost(roots, blamed, end);
  }

  private void handOutAgain(List<HeldTasks.Held> tasks) {
    ranAgain += tasks.size();
    List<WireTask> silent = new ArrayList<>();
    for (HeldTasks.Held task : tasks) {
      if (task.messages().isEmpty()) {
        silent.add(task.task());
        continue;
      }
      // Alone, so that the worker starts it at once and has it when its messages arrive.
      Map<PythonManager, List<WireTask>> batch =
          Assignment.assign(List.of(task.task()), started, random);
      batch.forEach(this::handOver);
      for (PickledValue message : task.messages()) {
        batch.keySet().forEach(taker -> tell(taker, new ToManager.Communicate(message)));
      }
    }
    if (!silent.isEmpty()) {
      handOut(silent, started);
    }
  }

  /// Who may be to blame for the end of a manager: those that were there, or those of them that had
  /// been suspected before.
  private Set<PythonCompilation> blame(PythonManager manager, List<PythonCompilation> roots) {
    Set<PythonCompilation> present = new LinkedHashSet<>(roots);
    for (HeldTasks.Held task : held.all()) {
      PythonCompilation compilation = listener.running(task.task().compilation());
      if (task.holder() == manager && compilation != null) {
        present.add(compilation);
      }
    }
    Set<PythonCompilation> suspects = new LinkedHashSet<>();
    for (PythonCompilation each : present) {
      if (each.isSuspected()) {
        suspects.add(each);
      }
    }
    return suspects.isEmpty() ? present : suspects;
  }

  /// Tells all managers to end.
  void shutDown() {
    for (PythonManager manager : byConnection.values()) {
      tell(manager, new ToManager.Shutdown());
      close(manager.connection(), "the server stops");
    }
    byConnection.clear();
    byRange.clear();
    started.clear();
  }

  private void broadcast(ToManager message) {
    started.forEach(manager -> tell(manager, message));
  }

  private void tell(PythonManager manager, ToManager message) {
    effects.accept(new BqskitEffect.TellManager(manager.connection(), message));
  }

  private void close(long connection, String reason) {
    effects.accept(new BqskitEffect.CloseManager(connection, reason));
  }
}
