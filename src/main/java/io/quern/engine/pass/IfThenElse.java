package io.quern.engine.pass;

/// Runs one of two workflows; BQSKit's `IfThenElsePass`.
public record IfThenElse(Predicate predicate, Workflow onTrue, Workflow onFalse) implements Pass {
  @Override
  public String name() {
    return "IfThenElse";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    (predicate.holds(data, null) ? onTrue : onFalse).run(data, runtime);
  }
}
