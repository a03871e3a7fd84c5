package io.quern.protocol;

import java.util.ArrayList;
import java.util.List;

/// The ancestors of a runtime task, root first. All children of one task share one instance.
public record Breadcrumbs(List<RuntimeTaskId> ancestors) {
  /// The deepest nesting of runtime tasks; a bound on what runaway recursion can pile up.
  public static final int MAX_DEPTH = 1_000;

  /// Of a root runtime task.
  public static final Breadcrumbs NONE = new Breadcrumbs(List.of());

  public Breadcrumbs {
    ancestors = List.copyOf(ancestors);
  }

  /// The trail of the children of `parent`, whose own trail this is.
  ///
  /// @throws IllegalStateException beyond [#MAX_DEPTH]
  public Breadcrumbs then(RuntimeTaskId parent) {
    if (ancestors.size() >= MAX_DEPTH) {
      throw new IllegalStateException(
          "runtime tasks may nest " + MAX_DEPTH + " deep; " + parent + " wanted to go deeper");
    }
    List<RuntimeTaskId> longer = new ArrayList<>(ancestors.size() + 1);
    longer.addAll(ancestors);
    longer.add(parent);
    return new Breadcrumbs(longer);
  }

  /// How many ancestors there are: 0 for a root.
  public int depth() {
    return ancestors.size();
  }
}
