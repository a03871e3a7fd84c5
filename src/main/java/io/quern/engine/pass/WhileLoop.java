package io.quern.engine.pass;

/// Repeats a workflow while a predicate holds; BQSKit's `WhileLoopPass`, with a bound.
///
/// @param rounds at most; a time limit ends the loop too
public record WhileLoop(Predicate predicate, Workflow body, int rounds) implements Pass {
  @Override
  public String name() {
    return "WhileLoop";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    PassData before = null;
    for (int round = 0; round < rounds && predicate.holds(data, before); round++) {
      if (runtime.isTimeUp()) {
        data.setCutShort();
        return;
      }
      before = data.copy();
      body.run(data, runtime);
    }
  }
}
