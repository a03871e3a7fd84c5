package io.quern.benchmark;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;

/// Returns its argument.
final class Nothing implements RuntimeFunction<Integer, Integer> {
  @Override
  public String name() {
    return "benchmark-nothing";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Integer run(Integer argument, RuntimeHandle runtime) {
    SharedCounters.MINE.increment(SharedCounters.CALLS);
    return argument;
  }
}
