package io.quern.task;

import java.util.List;

/// When a compilation gets its turn, and where its runtime tasks may run.
///
/// @param priority 0 to 9; of one tenant's tasks those with more go first. Between tenants it says
///   nothing: they share the workers evenly
/// @param requires labels a worker must have to run any of it, sorted; empty for any worker
public record Scheduling(int priority, List<String> requires) {
  public static final int LOWEST = 0;
  public static final int HIGHEST = 9;

  /// What a submission has that says nothing: the middle, and any worker.
  public static final Scheduling DEFAULT = new Scheduling(5, List.of());

  /// Most labels a task may require, or a node may have.
  public static final int MAX_LABELS = 16;

  private static final String LABEL = "[a-z0-9][a-z0-9._-]{0,62}";

  /// What [#isLabel] accepts, for people.
  public static final String LABEL_FORM =
      "1 to 63 of a-z, 0-9, '.', '_' and '-', the first a letter or digit";

  public Scheduling {
    if (priority < LOWEST || priority > HIGHEST) {
      throw new IllegalArgumentException("expected a priority of 0 to 9, found " + priority);
    }
    requires = requires.isEmpty() ? List.of() : requires.stream().sorted().distinct().toList();
  }

  /// Whether a text can be the name of a label.
  public static boolean isLabel(String text) {
    return text.matches(LABEL);
  }
}
