package io.quern.benchmark;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import java.util.List;

/// Maps [Nothing] over two numbers and returns its argument if both came back.
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
    List<Integer> children = List.of(2 * argument, 2 * argument + 1);
    List<Integer> results = runtime.map(new Nothing(), children);
    if (!results.equals(children)) {
      throw new IllegalStateException("expected " + children + ", found " + results);
    }
    return argument;
  }
}
