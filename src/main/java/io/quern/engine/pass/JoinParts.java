package io.quern.engine.pass;

import io.quern.engine.partition.BlockCollector.Merging;

/// Makes one circuit of the parts again; BQSKit's UnfoldPass. Without parts it does nothing.
public record JoinParts() implements Pass {
  @Override
  public String name() {
    return "UnfoldPass";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    data.partition()
        .ifPresent(parts -> data.setBlocks(parts.joined(data.entangler(), Merging.GAIN)));
  }
}
