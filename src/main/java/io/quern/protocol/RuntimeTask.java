package io.quern.protocol;

import io.quern.engine.pass.RuntimeFunction;

/// A registered function with its argument and a return address.
///
/// @param argument immutable; within one JVM handed over as it is
public record RuntimeTask(
    RuntimeTaskId id,
    Breadcrumbs breadcrumbs,
    CompilationContext compilation,
    RuntimeFunction<?, ?> function,
    Object argument) {

  /// Whether a cancel means this task or one of its ancestors.
  public boolean isCoveredBy(Message.Cancel cancel) {
    if (cancel.covers(id)) {
      return true;
    }
    for (RuntimeTaskId ancestor : breadcrumbs.ancestors()) {
      if (cancel.covers(ancestor)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return function.name() + " " + id;
  }
}
