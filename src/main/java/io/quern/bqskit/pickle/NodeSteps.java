package io.quern.bqskit.pickle;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Objects;
import java.util.RandomAccess;

/// Steps in order, usually one.
final class NodeSteps extends AbstractList<Step> implements RandomAccess {
  private Step[] steps = new Step[1];
  private int size;

  void append(Step step) {
    if (size == steps.length) {
      steps = Arrays.copyOf(steps, size * 2);
    }
    steps[size++] = step;
  }

  @Override
  public Step get(int index) {
    return steps[Objects.checkIndex(index, size)];
  }

  @Override
  public int size() {
    return size;
  }
}
