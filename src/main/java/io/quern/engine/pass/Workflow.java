package io.quern.engine.pass;

import java.util.List;

/// Passes that run one after the other.
public record Workflow(List<Pass> passes) {
  public Workflow {
    passes = List.copyOf(passes);
  }

  /// Runs the passes without reporting on them.
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    for (Pass pass : passes) {
      runtime.checkCancelled();
      pass.run(data, runtime);
    }
  }
}
