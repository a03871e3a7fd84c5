package io.quern.engine.pass;

/// Runs a workflow and keeps what it did only where a predicate of it holds; BQSKit's
/// `DoThenDecide`.
public record DoThenDecide(Predicate predicate, Workflow body) implements Pass {
  @Override
  public String name() {
    return "DoThenDecide";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    PassData tried = data.copy();
    body.run(tried, runtime);
    if (predicate.holds(tried, data)) {
      data.adopt(tried);
    } else if (tried.isCutShort()) {
      // With more time the predicate might have held.
      data.setCutShort();
    }
  }
}
