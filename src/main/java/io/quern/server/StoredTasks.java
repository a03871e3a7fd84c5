package io.quern.server;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.runtime.RootWork;
import io.quern.task.CompilationTask;
import io.quern.task.KeptWork;
import io.quern.task.RecordWriter;
import io.quern.task.Submission;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore;
import io.quern.task.TaskStore.Outcome;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The service's durability: the task store, its writer, and the newest submissions at hand.
///
/// Thread-safe.
final class StoredTasks implements Durability {
  private final TaskStore store;
  private final RecordWriter writer;
  private final RuntimeFunction<Submission, CompilationResult> root;
  private final long capacity;

  /// Oldest first; guarded by itself, as is the size.
  private final Map<TaskId, Submission> atHand = new LinkedHashMap<>();

  private long size;

  /// @param root what every compilation task runs
  /// @param capacity characters of submissions to keep at hand
  StoredTasks(
      TaskStore store,
      RecordWriter writer,
      RuntimeFunction<Submission, CompilationResult> root,
      long capacity) {
    this.store = store;
    this.writer = writer;
    this.root = root;
    this.capacity = capacity;
  }

  /// Keeps a submission at hand until it is asked for, or newer ones need the room.
  void keep(TaskId task, Submission submission) {
    synchronized (atHand) {
      atHand.put(task, submission);
      size += submission.characters();
      Iterator<Submission> oldest = atHand.values().iterator();
      while (size > capacity && oldest.hasNext()) {
        size -= oldest.next().characters();
        oldest.remove();
      }
    }
  }

  @Override
  public boolean persist(List<TaskRecord> records, Consumer<List<Outcome>> whenCommitted) {
    return writer.offer(records, whenCommitted);
  }

  @Override
  public void announce(TaskId task, long number) {
    writer.announce(task, number);
  }

  @Override
  public @Nullable CompilationTask find(TaskId task) {
    return store.find(task);
  }

  @Override
  public @Nullable RootWork workAtHand(TaskId task) {
    synchronized (atHand) {
      Submission submission = atHand.remove(task);
      if (submission == null) {
        return null;
      }
      size -= submission.characters();
      return work(submission, KeptWork.NOTHING);
    }
  }

  @Override
  public @Nullable RootWork load(TaskId task) {
    Submission submission = store.findSubmission(task);
    return submission == null ? null : work(submission, store.findKept(task));
  }

  private RootWork work(Submission submission, KeptWork kept) {
    return new RootWork(
        root,
        submission,
        submission.timeLimit(),
        submission.loggingLevel(),
        submission.loggingDepth(),
        kept);
  }
}
