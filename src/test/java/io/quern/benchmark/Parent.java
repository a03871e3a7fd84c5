package io.quern.benchmark;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import java.util.List;

/// Maps [Nothing] over two numbers.
final class Parent implements RuntimeFunction<Integer, Integer> {
  @Override
  public String name() {
    return "benchmark-parent";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Integer run(Integer argument, RuntimeHandle runtime) throws InterruptedException {
    return runtime.map(new Nothing(), List.of(2 * argument, 2 * argument + 1)).getFirst();
  }
}
