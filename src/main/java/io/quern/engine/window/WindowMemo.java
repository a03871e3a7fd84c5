package io.quern.engine.window;

import io.quern.engine.instantiation.Instantiation;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers already known, by unitary; not thread-safe.
final class WindowMemo {
  private record Entry(CanonicalWindow.Key key, int size, SearchEffort effort) {}

  private final Map<Entry, WindowAnswer> answers = new HashMap<>();
  private long evaluations;

  boolean knows(CanonicalWindow window, SearchEffort effort) {
    return answers.containsKey(entry(window, effort));
  }

  void put(CanonicalWindow window, SearchEffort effort, WindowAnswer answer) {
    answers.put(entry(window, effort), answer);
    evaluations += answer.evaluations();
  }

  @Nullable Instantiation find(CanonicalWindow window, SearchEffort effort) {
    WindowAnswer answer = answers.get(entry(window, effort));
    return answer == null ? null : answer.found();
  }

  /// Evaluations spent on all answers.
  long evaluations() {
    return evaluations;
  }

  private static Entry entry(CanonicalWindow window, SearchEffort effort) {
    return new Entry(window.key(), window.problem().known().size(), effort);
  }
}
