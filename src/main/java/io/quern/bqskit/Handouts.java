package io.quern.bqskit;

import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.ToManager;
import io.quern.bqskit.wire.WireTask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Hands runtime tasks out to managers that have started, and has those remembered whose results
/// will pass the server.
final class Handouts {

  /// The root runtime task of a compilation.
  record Root(WireTask task, PythonCompilation compilation) {}

  private final PythonManagers managers;
  private final Compilations compilations;
  private final HeldTasks held;
  private final ImportPaths forwarded;
  private final Random random;

  /// @param forwarded which import paths managers are sent
  /// @param random breaks ties between equally loaded managers
  Handouts(
      PythonManagers managers,
      Compilations compilations,
      HeldTasks held,
      ImportPaths forwarded,
      Random random) {
    this.managers = managers;
    this.compilations = compilations;
    this.held = held;
    this.forwarded = forwarded;
    this.random = random;
  }

  /// Hands out roots, each to be marked with the manager that has it: suspects one by one where no
  /// other suspect is.
  void roots(List<Root> roots) {
    List<WireTask> plain = new ArrayList<>();
    for (Root root : roots) {
      if (root.compilation().isSuspected()) {
        handOut(List.of(root.task()), List.of(withoutSuspects()));
      } else {
        plain.add(root.task());
      }
    }
    if (!plain.isEmpty()) {
      handOut(plain, managers.started());
    }
  }

  private PythonManager withoutSuspects() {
    Set<PythonManager> taken = compilations.suspectHolders();
    return managers.started().stream()
        .filter(manager -> !taken.contains(manager))
        .min(Comparator.comparingInt(PythonManager::tasks))
        .orElse(managers.started().getFirst());
  }

  /// Hands out what a manager has no room for.
  ///
  /// @param only who may have it; null for any
  void submitted(List<WireTask> tasks, @Nullable PythonManager only) {
    handOut(tasks, only == null ? managers.started() : List.of(only));
  }

  /// Hands out again what a lost manager had of others, with what was communicated to it.
  void again(List<HeldTasks.Held> tasks) {
    List<WireTask> silent = new ArrayList<>();
    for (HeldTasks.Held task : tasks) {
      List<PickledValue> messages = task.messages();
      if (messages.isEmpty()) {
        silent.add(task.task());
        continue;
      }
      // Alone, so that the worker starts it at once and has it when its messages arrive.
      Map<PythonManager, List<WireTask>> batch =
          Assignment.assign(List.of(task.task()), managers.started(), random);
      batch.forEach(this::handOver);
      for (PickledValue message : messages) {
        batch.keySet().forEach(taker -> managers.tell(taker, new ToManager.Communicate(message)));
      }
    }
    if (!silent.isEmpty()) {
      handOut(silent, managers.started());
    }
  }

  private void handOut(List<WireTask> tasks, List<PythonManager> takers) {
    Assignment.assign(tasks, takers, random).forEach(this::handOver);
  }

  private void handOver(PythonManager manager, List<WireTask> batch) {
    PythonCompilation last = null;
    for (WireTask task : batch) {
      PythonCompilation compilation = compilations.running(task.compilation());
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
    managers.tell(manager, new ToManager.Submit(batch));
  }

  private void sendPaths(PythonManager manager, PythonCompilation compilation) {
    if (manager.lacks(compilation.importPaths())) {
      List<String> paths = forwarded.of(compilation.importPaths());
      if (!paths.isEmpty()) {
        managers.tell(manager, new ToManager.ImportPath(paths));
      }
    }
  }
}
