package io.quern.bqskit;

import io.quern.bqskit.wire.FromManager;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.ToManager;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireResult;
import io.quern.bqskit.wire.WireTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The managers below: what they say, where results go, and what is to be done when one is lost.
final class PythonCluster {

  /// What happens to compilations.
  interface Listener {
    /// A manager can be handed tasks.
    void ready();

    void returned(PythonCompilation compilation, WireResult result);

    void failed(PythonCompilation compilation, String traceback);

    void logged(PythonCompilation compilation, PickledValue record);

    /// Compilations that must start anew because a manager was lost. Nothing of them is left
    /// anywhere.
    ///
    /// @param blamed those that may have ended it; the only one is likely to
    void lost(List<PythonCompilation> roots, Set<PythonCompilation> blamed, ManagerEnd end);
  }

  private final Compilations compilations;
  private final Listener listener;
  private final PythonManagers managers;
  private final HeldTasks held;
  private final Handouts handouts;
  private long ranAgain;
  private long dropped;
  private long lost;

  /// @param messages most bytes of messages between tasks that are kept
  /// @param forwarded which import paths managers are sent
  /// @param random breaks ties between equally loaded managers
  PythonCluster(
      Compilations compilations,
      Listener listener,
      long messages,
      ImportPaths forwarded,
      Random random,
      Consumer<BqskitEffect> effects) {
    this.compilations = compilations;
    this.listener = listener;
    managers = new PythonManagers(effects);
    held = new HeldTasks(messages);
    handouts = new Handouts(managers, compilations, held, forwarded, random);
  }

  boolean hasManagers() {
    return !managers.started().isEmpty();
  }

  /// How many managers can take tasks.
  int size() {
    return managers.started().size();
  }

  /// Those that are connected, whether they have started or not.
  List<PythonManager> managers() {
    return managers.all();
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
    managers.connected(connection, name, now);
  }

  /// Hands out roots, each to be marked with the manager that has it.
  void handOutRoots(List<Handouts.Root> roots) {
    handouts.roots(roots);
  }

  void said(long connection, FromManager message) {
    PythonManager manager = managers.find(connection);
    if (manager == null) {
      return;
    }
    if (message instanceof FromManager.Started(int workers)) {
      if (manager.isStarted() || workers < 0 || workers > PythonManagers.RANGE) {
        lose(
            manager,
            "STARTED twice, or with %d workers, expected 0 to %d"
                .formatted(workers, PythonManagers.RANGE),
            ManagerEnd.BROKEN);
        return;
      }
      managers.started(manager, workers);
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
        PythonCompilation failed = compilations.running(compilation);
        if (failed == null) {
          dropped++;
        } else {
          listener.failed(failed, text);
        }
      }
      case FromManager.Log(long compilation, PickledValue record) -> {
        PythonCompilation speaker = compilations.running(compilation);
        if (speaker == null) {
          dropped++;
        } else {
          listener.logged(speaker, record);
        }
      }
      case FromManager.Cancel(WireAddress address) -> {
        if (manager.owns(address)) {
          // To the sender too: a manager only passes it up.
          cancel(address);
        } else {
          dropped++;
        }
      }
      case FromManager.Communicate(List<WireAddress> addresses, PickledValue payload) -> {
        held.communicated(addresses.stream().filter(manager::owns).toList(), payload);
        managers.broadcast(new ToManager.Communicate(payload));
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
      PythonCompilation compilation = compilations.running(task.compilation());
      if (compilation == null
          || !manager.owns(task.address())
          || !task.breadcrumbs().contains(WireAddress.root(task.compilation()))) {
        dropped++;
      } else {
        valid.add(task);
        // What a suspect does, it does to its own manager.
        only = compilation.isSuspected() ? compilation.holder : only;
      }
    }
    if (!valid.isEmpty()) {
      handouts.submitted(valid, only);
    }
  }

  private void returned(PythonManager manager, WireResult result) {
    manager.update(-1);
    WireAddress address = result.address();
    if (address.worker() == WireAddress.SERVER) {
      PythonCompilation compilation = compilations.running(address.mailbox());
      if (compilation == null || compilation.holder != manager) {
        dropped++;
      } else {
        held.removeWithDescendants(address);
        listener.returned(compilation, result);
      }
      return;
    }
    HeldTasks.Held task = held.get(address);
    PythonManager owner = managers.owner(address);
    if (task == null || task.holder() != manager || owner == null) {
      // Of a task that was cancelled, or whose result has come already.
      dropped++;
      return;
    }
    held.remove(address);
    managers.tell(owner, new ToManager.Result(result));
  }

  /// Ends a task and everything it has started, on all workers.
  void cancel(WireAddress address) {
    held.removeWithDescendants(address);
    managers.broadcast(new ToManager.Cancel(address));
  }

  void gone(long connection, String reason) {
    PythonManager manager = managers.find(connection);
    if (manager != null) {
      lose(manager, reason, ManagerEnd.BROKEN);
    }
  }

  /// Deals with the end of a manager, in an order that matters: a worker drops every later task
  /// with an address that was cancelled, or with one among its breadcrumbs, so nothing may be
  /// handed out again under an address before it is clear that it is not cancelled.
  private void lose(PythonManager manager, String reason, ManagerEnd end) {
    lost++;
    managers.remove(manager, reason);
    if (!manager.isStarted()) {
      return;
    }
    List<PythonCompilation> roots = new ArrayList<>(compilations.rootsOf(manager));
    Set<PythonCompilation> blamed = end == ManagerEnd.ASKED_FOR ? Set.of() : blame(manager, roots);
    // 1. Its roots start anew under other addresses.
    roots.forEach(this::uproot);
    // 2. Nobody waits any more for what its workers have handed to others.
    for (HeldTasks.Held task : List.copyOf(held.all())) {
      WireAddress address = task.task().address();
      if (manager.owns(address) && held.get(address) == task) {
        cancel(address);
      }
    }
    // 3. Where it had something of others that cannot be done again alone, all is done anew.
    for (PythonCompilation each : withUnrepeatable(manager)) {
      uproot(each);
      roots.add(each);
    }
    // 4. What else it had of others is done elsewhere.
    List<HeldTasks.Held> again =
        held.all().stream().filter(task -> task.holder() == manager).toList();
    ranAgain += again.size();
    handouts.again(again);
    listener.lost(roots, blamed, end);
  }

  /// Nobody has its root any more, nor anything that came of it.
  private void uproot(PythonCompilation compilation) {
    compilation.holder = null;
    cancel(WireAddress.root(compilation.mailbox));
  }

  /// The compilations of tasks of others that a manager had and that cannot be handed out again
  /// with all that was communicated to them.
  private Set<PythonCompilation> withUnrepeatable(PythonManager manager) {
    Set<PythonCompilation> affected = new LinkedHashSet<>();
    for (HeldTasks.Held task : held.all()) {
      PythonCompilation compilation = compilations.running(task.task().compilation());
      if (task.holder() == manager && !task.isRepeatable() && compilation != null) {
        affected.add(compilation);
      }
    }
    return affected;
  }

  /// Who may be to blame for the end of a manager: those that were there, or those of them that had
  /// been suspected before.
  private Set<PythonCompilation> blame(PythonManager manager, List<PythonCompilation> roots) {
    Set<PythonCompilation> present = new LinkedHashSet<>(roots);
    for (HeldTasks.Held task : held.all()) {
      PythonCompilation compilation = compilations.running(task.task().compilation());
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
    managers.shutDown();
  }
}
