package io.quern.bqskit;

import io.quern.bqskit.BqskitEvent.LoggedRecord;
import io.quern.bqskit.wire.PickledValue;
import io.quern.failure.ErrorCode;
import io.quern.task.Blob;
import io.quern.task.PythonInput;
import io.quern.task.Submission;
import io.quern.task.TaskError;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskState;
import io.quern.task.TaskStore;
import io.quern.task.TaskStore.KeyedTask;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the server of BQSKit's wire wants to know of the store. The store may take its time, so
/// each question has a virtual thread of its own; the answer comes as an event.
final class StoreReads {
  private static final Logger log = LoggerFactory.getLogger(StoreReads.class);

  private final TaskStore store;
  private final String tenant;
  private final Consumer<BqskitEvent> answers;

  StoreReads(TaskStore store, String tenant, Consumer<BqskitEvent> answers) {
    this.store = store;
    this.tenant = tenant;
    this.answers = answers;
  }

  void loadInput(TaskId task) {
    aside(
        () -> {
          try {
            PythonInput input = store.findPythonInput(task);
            answers.accept(
                input == null
                    ? new BqskitEvent.InputNotLoaded(task, "it is not in the store", true)
                    : new BqskitEvent.InputLoaded(task, PickledValue.of(input.task().bytes())));
          } catch (RuntimeException e) {
            log.warn("the input of {} cannot be read", task, e);
            answers.accept(new BqskitEvent.InputNotLoaded(task, reason(e), false));
          }
        });
  }

  void readBack(long seq, TaskId task) {
    aside(
        () -> {
          try {
            answers.accept(new BqskitEvent.ReadBackDone(seq, store.find(task)));
          } catch (RuntimeException e) {
            log.warn("the store cannot say how far it has {}", task, e);
            answers.accept(new BqskitEvent.ReadBackFailed(seq));
          }
        });
  }

  void look(long connection, UUID id) {
    aside(
        () -> {
          try {
            KeyedTask found = store.findByKey(tenant, ClientIds.key(id));
            answers.accept(
                new BqskitEvent.Looked(connection, id, found == null ? null : found.task()));
          } catch (RuntimeException e) {
            log.warn("the store cannot say what {} is", id, e);
            answers.accept(new BqskitEvent.ReadFailed(connection, reason(e)));
          }
        });
  }

  void read(BqskitEffect.Read read) {
    aside(
        () -> {
          try {
            List<LoggedRecord> records =
                store.pythonRecords(read.task(), read.after()).stream()
                    .map(
                        each ->
                            new LoggedRecord(each.number(), PickledValue.of(each.record().bytes())))
                    .toList();
            Blob result = store.findPythonResult(read.task());
            answers.accept(
                new BqskitEvent.Read(
                    read.connection(),
                    read.task(),
                    records,
                    result == null ? null : PickledValue.of(result.bytes())));
          } catch (RuntimeException e) {
            log.warn("the log of {} cannot be read", read.task(), e);
            answers.accept(new BqskitEvent.ReadFailed(read.connection(), reason(e)));
          }
        });
  }

  /// Makes a result out of what BQSKit returned, for which its submission is needed.
  void decode(TaskId task, PickledValue returned) {
    aside(
        () -> {
          try {
            Submission submission = store.findSubmission(task);
            if (submission == null) {
              throw new IllegalStateException("its submission is not in the store");
            }
            answers.accept(
                new BqskitEvent.Decoded(
                    task,
                    TaskState.DONE,
                    new TaskEvent.ResultReady(
                        TaskState.DONE, BqskitCompilation.result(submission, returned))));
          } catch (RuntimeException e) {
            log.warn("the result of {} is not usable", task, e);
            TaskError error =
                new TaskError(
                    ErrorCode.PASS_FAILED,
                    "BQSKit's result is not usable: " + reason(e),
                    null,
                    null,
                    null);
            answers.accept(
                new BqskitEvent.Decoded(
                    task,
                    TaskState.FAILED,
                    new TaskEvent.StateChanged(TaskState.RUNNING, TaskState.FAILED, error)));
          }
        });
  }

  static void aside(Runnable action) {
    Thread.startVirtualThread(action);
  }

  static String reason(RuntimeException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
