package io.quern.runtime.simulation;

import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.KeptWork;
import java.util.HashMap;
import java.util.Map;

/// Holds every run to what was finished before it: nothing of that is begun again.
final class FinishedWork {
  private final Map<RuntimeTaskId, KeptWork> before = new HashMap<>();
  private int spared;

  /// A root is handed out.
  void handedOut(RuntimeTask root) {
    before.put(root.id(), root.kept());
    spared += root.kept().blocks().size() + (root.kept().checkpoint() == null ? 0 : 1);
  }

  /// A runtime task is begun.
  void begun(RuntimeTask task) {
    KeptWork kept = before.get(task.compilation().root());
    if (kept == null || task.breadcrumbs().depth() == 0) {
      return;
    }
    String key = ScriptFunctions.REGISTRY.contentKey(task.function(), task.argument());
    if (key != null && kept.blocks().containsKey(key) && task.breadcrumbs().depth() == 1) {
      throw new AssertionError(task + " is begun again though its result was stored");
    }
    if (kept.checkpoint() != null) {
      throw new AssertionError(task + " is begun again though a checkpoint lies behind it");
    }
  }

  /// Blocks and checkpoints that runs could begin with.
  int spared() {
    return spared;
  }
}
