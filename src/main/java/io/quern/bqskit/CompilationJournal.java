package io.quern.bqskit;

import io.quern.task.CompilationTask;
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
import org.jspecify.annotations.Nullable;

/// Writes what happens to tasks. Of each task one commit is under way at a time; what happens
/// meanwhile goes with the next, in order.
///
/// What could not be written is tried again until it is, except an acceptance that the tasks API
/// waits for: that has failed. A commit that failed is looked up before, since "failed" may mean
/// that only its report was lost: written again, an acceptance would find its own key taken.
final class CompilationJournal {

  /// Hears what became of records, in order.
  interface Listener {
    void written(PythonCompilation compilation, TaskRecord record, Outcome outcome);

    /// It will be known only later whether an acceptance is written.
    void unclear(PythonCompilation compilation);
  }

  private final Duration retryDelay;
  private final Consumer<BqskitEffect> effects;
  private final Listener listener;

  /// By the number of the commit, or of the look-up after it, that will be answered.
  private final Map<Long, PythonCompilation> underWay = new HashMap<>();

  /// Tasks with records to be handed over at the end of this round.
  private final Map<TaskId, PythonCompilation> dirty = new LinkedHashMap<>();

  /// Tasks that are tried again at [#retryAt]: those with something under way are looked up, the
  /// others written.
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
    effects.accept(new BqskitEffect.Persist(expect(compilation), compilation.underWay));
  }

  /// The number of an answer that will come for a task.
  private long expect(PythonCompilation compilation) {
    seq++;
    underWay.put(seq, compilation);
    return seq;
  }

  void committed(long number, List<Outcome> outcomes) {
    PythonCompilation compilation = underWay.remove(number);
    if (compilation == null) {
      return;
    }
    List<TaskRecord> records = compilation.underWay;
    List<TaskRecord> unclear = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      Outcome outcome = outcomes.get(i);
      boolean waitsForFailed = !unclear.isEmpty() && !(outcome instanceof Outcome.Committed);
      if (outcome instanceof Outcome.Failed || waitsForFailed) {
        unclear.add(records.get(i));
      } else {
        listener.written(compilation, records.get(i), outcome);
      }
    }
    compilation.underWay = List.copyOf(unclear);
    if (unclear.isEmpty()) {
      dirty.put(compilation.id(), compilation);
    } else {
      lookUp(compilation);
    }
  }

  private void lookUp(PythonCompilation compilation) {
    effects.accept(new BqskitEffect.ReadBack(expect(compilation), compilation.id()));
  }

  /// The store says how far it has a task whose commit was reported as failed.
  ///
  /// @param stored null if it does not have it
  void readBack(long number, @Nullable CompilationTask stored, Instant now) {
    PythonCompilation compilation = underWay.remove(number);
    if (compilation == null) {
      return;
    }
    long has = stored == null ? 0 : stored.lastEvent();
    boolean takesNoMore = stored != null && stored.state().isTerminal();
    List<TaskRecord> missing = new ArrayList<>();
    for (TaskRecord record : compilation.underWay) {
      long last = record.events().getLast().number();
      if (last <= has) {
        // Events are numbered in order, so the store that has a later one takes this no more.
        effects.accept(new BqskitEffect.Announce(compilation.id(), last));
        listener.written(compilation, record, new Outcome.Committed());
      } else if (takesNoMore) {
        listener.written(compilation, record, new Outcome.NotApplied());
      } else {
        missing.add(record);
      }
    }
    writeAgain(compilation, missing, now);
  }

  void readBackFailed(long number, Instant now) {
    PythonCompilation compilation = underWay.remove(number);
    if (compilation != null) {
      if (compilation.underWay.getFirst() instanceof TaskRecord.Accepted) {
        listener.unclear(compilation);
      }
      delay(compilation, now);
    }
  }

  /// The store's writer had no room: nothing was written.
  void refused(long number, Instant now) {
    PythonCompilation compilation = underWay.remove(number);
    if (compilation != null) {
      writeAgain(compilation, compilation.underWay, now);
    }
  }

  private void writeAgain(PythonCompilation compilation, List<TaskRecord> records, Instant now) {
    compilation.underWay = List.of();
    if (records.isEmpty()) {
      dirty.put(compilation.id(), compilation);
    } else if (compilation.clientId() == null
        && records.getFirst() instanceof TaskRecord.Accepted first) {
      // A client of the wire has no answer to come; whoever is told can submit it again.
      listener.written(compilation, first, new Outcome.Failed("the store did not take it"));
    } else {
      records.reversed().forEach(compilation.unwritten::addFirst);
      delay(compilation, now);
    }
  }

  private void delay(PythonCompilation compilation, Instant now) {
    delayed.add(compilation);
    if (retryAt.equals(Instant.MAX)) {
      retryAt = now.plus(retryDelay);
      effects.accept(new BqskitEffect.ArmTimer(retryAt));
    }
  }

  /// Tries again what is due.
  void timer(Instant now) {
    if (now.isBefore(retryAt)) {
      return;
    }
    retryAt = Instant.MAX;
    List<PythonCompilation> due = List.copyOf(delayed);
    delayed.clear();
    for (PythonCompilation compilation : due) {
      if (compilation.underWay.isEmpty()) {
        dirty.put(compilation.id(), compilation);
      } else {
        lookUp(compilation);
      }
    }
  }
}
