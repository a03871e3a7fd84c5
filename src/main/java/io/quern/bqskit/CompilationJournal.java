package io.quern.bqskit;

import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Writes what happens to tasks. Of each task one commit is under way at a time; what happens
/// meanwhile goes with the next, in order. What could not be written is tried again until it is.
final class CompilationJournal {

  /// Hears what became of records, in order.
  interface Listener {
    void written(PythonCompilation compilation, TaskRecord record, Outcome outcome);
  }

  private final Duration retryDelay;
  private final Consumer<BqskitEffect> effects;
  private final Listener listener;
  private final Map<Long, PythonCompilation> underWay = new HashMap<>();

  /// Tasks with records to be handed over at the end of this round.
  private final Map<TaskId, PythonCompilation> dirty = new LinkedHashMap<>();

  private final Set<PythonCompilation> delayed = new LinkedHashSet<>();
  private Instant retryAt = Instant.MAX;
  private long seq;

  CompilationJournal(Duration retryDelay, Consumer<BqskitEffect> effects, Listener listener) {
    this.retryDelay = retryDelay;
    this.effects = effects;
    this.listener = listener;
  }

  /// Adds a record to what is to be written.
  void add(PythonCompilation compilation, TaskRecord record) {
    compilation.unwritten.addLast(record);
    dirty.put(compilation.id(), compilation);
  }

  /// Hands over what was added, each task's records together.
  void flush() {
    if (!dirty.isEmpty()) {
      List<PythonCompilation> all = List.copyOf(dirty.values());
      dirty.clear();
      all.forEach(this::write);
    }
  }

  private void write(PythonCompilation compilation) {
    if (!compilation.underWay.isEmpty()
        || compilation.unwritten.isEmpty()
        || delayed.contains(compilation)) {
      return;
    }
    compilation.underWay = List.copyOf(compilation.unwritten);
    compilation.unwritten.clear();
    seq++;
    underWay.put(seq, compilation);
    effects.accept(new BqskitEffect.Persist(seq, compilation.underWay));
  }

  void committed(long number, List<Outcome> outcomes, Instant now) {
    PythonCompilation compilation = underWay.remove(number);
    if (compilation == null) {
      return;
    }
    List<TaskRecord> records = compilation.underWay;
    compilation.underWay = List.of();
    List<TaskRecord> failed = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      Outcome outcome = outcomes.get(i);
      boolean waitsForFailed = !failed.isEmpty() && !(outcome instanceof Outcome.Committed);
      if (outcome instanceof Outcome.Failed || waitsForFailed) {
        failed.add(records.get(i));
      } else {
        listener.written(compilation, records.get(i), outcome);
      }
    }
    tryAgain(compilation, failed, now);
    dirty.put(compilation.id(), compilation);
  }

  void refused(long number, Instant now) {
    PythonCompilation compilation = underWay.remove(number);
    if (compilation != null) {
      List<TaskRecord> records = compilation.underWay;
      compilation.underWay = List.of();
      tryAgain(compilation, records, now);
    }
  }

  private void tryAgain(PythonCompilation compilation, List<TaskRecord> records, Instant now) {
    if (records.isEmpty()) {
      return;
    }
    records.reversed().forEach(compilation.unwritten::addFirst);
    delayed.add(compilation);
    if (retryAt.equals(Instant.MAX)) {
      retryAt = now.plus(retryDelay);
      effects.accept(new BqskitEffect.ArmTimer(retryAt));
    }
  }

  /// Tries again what is due.
  void timer(Instant now) {
    if (!now.isBefore(retryAt)) {
      retryAt = Instant.MAX;
      for (PythonCompilation compilation : delayed) {
        dirty.put(compilation.id(), compilation);
      }
      delayed.clear();
    }
  }
}
