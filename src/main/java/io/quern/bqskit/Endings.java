package io.quern.bqskit;

import io.quern.bqskit.FinishedTasks.Finished;
import io.quern.bqskit.PythonCompilation.Phase;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.WireAddress;
import io.quern.failure.ErrorCode;
import io.quern.task.Blob;
import io.quern.task.TaskError;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Ends compilations: each end is decided once, stored, and told only then.
final class Endings {

  /// Hears what is over, which the store has by then.
  interface Listener {
    void ended(PythonCompilation compilation, Finished end);
  }

  private final Compilations compilations;
  private final FinishedTasks finished;
  private final CompilationJournal journal;
  private final PythonCluster cluster;
  private final Listener listener;
  private final Supplier<Instant> now;
  private final Consumer<BqskitEffect> effects;

  /// Requests of the tasks API that wait for the end of the task they cancel.
  private final Map<TaskId, List<Long>> cancelling = new HashMap<>();

  Endings(
      Compilations compilations,
      FinishedTasks finished,
      CompilationJournal journal,
      PythonCluster cluster,
      Listener listener,
      Supplier<Instant> now,
      Consumer<BqskitEffect> effects) {
    this.compilations = compilations;
    this.finished = finished;
    this.journal = journal;
    this.cluster = cluster;
    this.listener = listener;
    this.now = now;
    this.effects = effects;
  }

  /// It has returned what its client wants.
  void finish(PythonCompilation compilation, PickledValue value) {
    compilation.result = value;
    end(
        compilation,
        TaskState.DONE,
        new TaskEvent.PythonResult(TaskState.DONE, Blob.of(value.toBytes())));
  }

  /// What it has returned was understood, or not.
  void decoded(TaskId id, TaskState state, TaskEvent.Data terminal) {
    PythonCompilation compilation = compilations.find(id);
    if (compilation != null && !compilation.isOver()) {
      end(compilation, state, terminal);
    }
  }

  /// @param cause the whole story, if there is one
  void fail(PythonCompilation compilation, ErrorCode code, String detail, @Nullable String cause) {
    compilation.failure = cause == null ? detail : cause;
    end(
        compilation,
        TaskState.FAILED,
        new TaskEvent.StateChanged(
            compilation.visibleState(),
            TaskState.FAILED,
            new TaskError(code, detail, null, null, cause)));
  }

  /// Changes nothing if its end is decided.
  void cancel(PythonCompilation compilation) {
    if (!compilation.isOver()) {
      end(
          compilation,
          TaskState.CANCELLED,
          new TaskEvent.StateChanged(compilation.visibleState(), TaskState.CANCELLED, null));
    }
  }

  /// The tasks API wants a task cancelled.
  void cancelAsked(long reply, String tenant, TaskId id) {
    PythonCompilation compilation = compilations.find(id);
    if (compilation == null || !compilation.task().tenant().equals(tenant)) {
      effects.accept(new BqskitEffect.ReplyStatus(reply, id));
      return;
    }
    cancelling.computeIfAbsent(id, _ -> new ArrayList<>(1)).add(reply);
    cancel(compilation);
  }

  private void end(PythonCompilation compilation, TaskState state, TaskEvent.Data terminal) {
    compilation.end = state;
    if (compilation.phase != Phase.ACCEPTING) {
      compilation.phase = Phase.ENDING;
    }
    compilation.input = null;
    compilation.holder = null;
    Instant time = now.get();
    journal.add(
        compilation,
        new TaskRecord.Ended(
            compilation.id(), state, time, List.of(compilation.event(time, terminal))));
  }

  /// What became of an end in the store. One that it did not take has been ended by other means.
  void written(PythonCompilation compilation, Outcome outcome) {
    TaskState state =
        outcome instanceof Outcome.Committed && compilation.end != null
            ? compilation.end
            : TaskState.CANCELLED;
    compilation.phase = Phase.ENDED;
    compilations.remove(compilation);
    if (state != TaskState.DONE && compilation.mailbox >= 0) {
      cluster.cancel(WireAddress.root(compilation.mailbox));
    }
    UUID id = compilation.clientId();
    String failure =
        compilation.failure != null && state == TaskState.FAILED
            ? compilation.failure
            : ClientDesk.failure(id == null ? compilation.id().value() : id, state, null);
    Finished end =
        new Finished(
            compilation.id(),
            state,
            state == TaskState.DONE ? compilation.result : null,
            failure,
            compilation.lastLog);
    if (id != null) {
      finished.put(id, end);
    }
    listener.ended(compilation, end);
    compilation.answerWhoWaited();
    List<Long> replies = cancelling.remove(compilation.id());
    if (replies != null) {
      replies.forEach(
          reply -> effects.accept(new BqskitEffect.ReplyStatus(reply, compilation.id())));
    }
  }
}
