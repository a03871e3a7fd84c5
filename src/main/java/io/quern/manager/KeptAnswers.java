package io.quern.manager;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.runtime.Slip;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/// Results and failures of the boss's tasks that the boss has not acknowledged, oldest first. They
/// are sent again on the next link should this one break.
final class KeptAnswers {

  private record Answer(RuntimeTask task, Slip slip) {}

  private final Deque<Answer> answers = new ArrayDeque<>();

  /// @param slip the result or failure of the task
  void add(RuntimeTask task, Slip slip) {
    answers.add(new Answer(task, slip));
  }

  /// The boss has acknowledged so many more.
  ///
  /// @throws IllegalArgumentException if it was not sent so many
  void taken(int results) {
    if (results > answers.size()) {
      throw new IllegalArgumentException(
          "the boss acknowledges " + results + " results of " + answers.size());
    }
    for (int i = 0; i < results; i++) {
      answers.remove().slip().done();
    }
  }

  boolean isEmpty() {
    return answers.isEmpty();
  }

  /// The tasks, oldest first.
  List<RuntimeTask> tasks() {
    List<RuntimeTask> tasks = new ArrayList<>(answers.size());
    answers.forEach(each -> tasks.add(each.task()));
    return tasks;
  }

  /// Tells all of them, oldest first, and keeps them.
  void tell(Consumer<Message> boss) {
    answers.forEach(each -> boss.accept(each.slip().message()));
  }
}
