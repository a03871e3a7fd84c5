package io.quern.engine.pass;

import java.util.List;

/// Passes that run one after the other.
public record Workflow(List<Pass> passes) {
  public Workflow {
    passes = List.copyOf(passes);
  }
}
