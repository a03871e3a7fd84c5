package io.quern.blocks;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A block of a job: waits at the gate of its process, or for its children, and squares its number.
/// It says in the ledger when it begins and when it ends.
final class Block implements RuntimeFunction<Block.Argument, Integer> {

  /// @param children blocks it submits and awaits in place of waiting itself
  record Argument(int job, int number, int children) {}

  @Override
  public String name() {
    return "test-block";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public boolean isKept() {
    return true;
  }

  static int value(int number) {
    return number * number;
  }

  @Override
  public Integer run(Argument block, RuntimeHandle runtime) throws InterruptedException {
    Ledger.MINE.add("start", block.job(), block.number());
    if (block.children() > 0) {
      List<Argument> children = new ArrayList<>();
      for (int i = 1; i <= block.children(); i++) {
        children.add(new Argument(block.job(), 1_000 * (block.number() + 1) + i, 0));
      }
      List<Integer> values = runtime.map(this, children);
      for (int i = 0; i < children.size(); i++) {
        if (values.get(i) != value(children.get(i).number())) {
          throw new IllegalStateException("the result of another: " + values);
        }
      }
      // As long as what is kept takes at least.
      LockSupport.parkNanos(2_000_000);
    } else if (!Gates.ofThisProcess().pass(Gates.MINE, runtime::isCancelled)) {
      Ledger.MINE.add("left", block.job(), block.number());
      runtime.checkCancelled();
    }
    Ledger.MINE.add("done", block.job(), block.number());
    return value(block.number());
  }
}
