package io.quern.engine.pass;

/// Runs a workflow and repeats it while a predicate holds; BQSKit's `DoWhileLoopPass`, with a
/// bound.
///
/// @param rounds at most; a time limit ends the loop too
public record DoWhileLoop(Predicate predicate, Workflow body, int rounds) implements Pass {
  @Override
  public String name() {
    return "DoWhileLoop";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    PassData before;
    int round = 0;
    do {
      if (round > 0 && runtime.isTimeUp()) {
        data.setCutShort();
        return;
      }
      before = data.copy();
      body.run(data, runtime);
      round++;
    } while (round < rounds && predicate.holds(data, before));
  }
}
