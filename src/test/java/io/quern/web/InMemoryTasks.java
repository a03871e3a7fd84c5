package io.quern.web;

import io.quern.failure.QuernException;
import io.quern.task.CompilationTask;
import io.quern.task.EventFeed;
import io.quern.task.KeptWork;
import io.quern.task.Scheduling;
import io.quern.task.Submission;
import io.quern.task.TaskError;
import io.quern.task.TaskEvent.StateChanged;
import io.quern.task.TaskExplanation;
import io.quern.task.TaskGateway;
import io.quern.task.TaskId;
import io.quern.task.TaskJson;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.task.TaskStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Gateway, store and feed in memory, under a test's thumb: tasks stay queued until the test says
/// what becomes of them.
final class InMemoryTasks implements TaskGateway, TaskStore, EventFeed {
  private final TreeMap<TaskId, Entry> tasks = new TreeMap<>();
  private final Map<String, KeyedTask> keys = new LinkedHashMap<>();
  private final Map<TaskId, String> expired = new LinkedHashMap<>();
  private @Nullable SubmitAnswer nextAnswer;
  private @Nullable QuernException nextCancelFailure;
  private @Nullable QuernException nextExplanationFailure;
  private @Nullable QuernException nextReadFailure;

  private static final class Entry {
    private CompilationTask status;
    private final Submission submission;
    private final List<StoredEvent> events = new ArrayList<>();
    private @Nullable StoredResult result;

    Entry(CompilationTask status, Submission submission) {
      this.status = status;
      this.submission = submission;
    }
  }

  /// What the gateway says to the next submission, whatever it is.
  synchronized void answerNext(SubmitAnswer answer) {
    nextAnswer = answer;
  }

  /// What the next cancellation fails with.
  synchronized void failNextCancel(QuernException failure) {
    nextCancelFailure = failure;
  }

  /// What the next request for an explanation fails with.
  synchronized void failNextExplanation(QuernException failure) {
    nextExplanationFailure = failure;
  }

  /// What the next look at a task, or list of tasks, fails with.
  synchronized void failNextRead(QuernException failure) {
    nextReadFailure = failure;
  }

  private void read() {
    QuernException failure = nextReadFailure;
    nextReadFailure = null;
    if (failure != null) {
      throw failure;
    }
  }

  /// Adds a log line of about the given length.
  synchronized void log(TaskId id, int length) {
    append(
        id,
        "log",
        false,
        "{\"level\":\"info\",\"logger\":\"test\",\"message\":\"" + "x".repeat(length) + "\"}");
  }

  synchronized void run(TaskId id) {
    Entry entry = entry(id);
    entry.status = with(entry.status, TaskState.RUNNING, null, entry.status.lastEvent());
    append(
        id,
        "state",
        false,
        TaskJson.eventData(new StateChanged(TaskState.QUEUED, TaskState.RUNNING, null)));
  }

  synchronized void fail(TaskId id, TaskError error) {
    end(id, TaskState.FAILED, error);
  }

  synchronized void finish(TaskId id, String json, String circuit) {
    Entry entry = entry(id);
    entry.result = new StoredResult(TaskState.DONE, json, circuit);
    entry.status = with(entry.status, TaskState.DONE, null, entry.status.lastEvent());
    append(id, "result", true, TaskJson.result(entry.result));
  }

  synchronized void expire(TaskId id) {
    Entry entry = tasks.remove(id);
    if (entry != null) {
      expired.put(id, entry.status.tenant());
    }
    notifyAll();
  }

  private void end(TaskId id, TaskState state, @Nullable TaskError error) {
    Entry entry = entry(id);
    TaskState from = entry.status.state();
    entry.status = with(entry.status, state, error, entry.status.lastEvent());
    append(id, "state", true, TaskJson.eventData(new StateChanged(from, state, error)));
  }

  private void append(TaskId id, String type, boolean terminal, String data) {
    Entry entry = entry(id);
    long number = entry.status.lastEvent() + 1;
    String json = TaskJson.event(id, number, Instant.now(), type, data);
    entry.events.add(new StoredEvent(id, number, type, terminal, json));
    entry.status = with(entry.status, entry.status.state(), entry.status.error(), number);
    notifyAll();
  }

  private Entry entry(TaskId id) {
    Entry entry = tasks.get(id);
    if (entry == null) {
      throw new IllegalStateException("no task " + id);
    }
    return entry;
  }

  private static CompilationTask with(
      CompilationTask task, TaskState state, @Nullable TaskError error, long lastEvent) {
    return task.change()
        .state(state)
        .after(state.hasResult() ? task.before() : null)
        .startedAt(state == TaskState.QUEUED ? null : task.submittedAt())
        .finishedAt(state.isTerminal() ? task.submittedAt() : null)
        .deadline(null)
        .attempt(null)
        .lastEvent(lastEvent)
        .error(error)
        .made();
  }

  @Override
  public synchronized CompletableFuture<SubmitAnswer> submit(NewTask task) {
    return CompletableFuture.completedFuture(take(task));
  }

  private SubmitAnswer take(NewTask task) {
    SubmitAnswer forced = nextAnswer;
    if (forced != null) {
      nextAnswer = null;
      return forced;
    }
    TaskRecord.IdempotencyKey key = task.key();
    KeyedTask first = key == null ? null : keys.get(key.tenant() + " " + key.key());
    if (key != null && first != null) {
      return first.bodyHash().equals(key.bodyHash())
          ? new SubmitAnswer.Repeated(entry(first.task().id()).status)
          : new SubmitAnswer.KeyReused(first.task().id());
    }
    Submission submission = task.submission();
    CompilationTask status =
        CompilationTask.queued(task.id(), task.tenant(), submission, task.before(), Instant.now());
    tasks.put(task.id(), new Entry(status, submission));
    append(
        task.id(),
        "state",
        false,
        TaskJson.eventData(new StateChanged(null, TaskState.QUEUED, null)));
    if (key != null) {
      keys.put(key.tenant() + " " + key.key(), new KeyedTask(status, key.bodyHash()));
    }
    return new SubmitAnswer.Accepted(entry(task.id()).status);
  }

  @Override
  public synchronized CompletableFuture<List<SubmitAnswer>> submitAll(
      List<NewTask> all, boolean atomic) {
    return CompletableFuture.completedFuture(all.stream().map(this::take).toList());
  }

  @Override
  public synchronized CompletableFuture<@Nullable TaskExplanation> explain(TaskId id) {
    QuernException failure = nextExplanationFailure;
    if (failure != null) {
      nextExplanationFailure = null;
      return CompletableFuture.failedFuture(failure);
    }
    return CompletableFuture.completedFuture(
        new TaskExplanation(
            TaskExplanation.Reason.WAITING_FOR_TURN,
            "others are before it",
            new TaskExplanation.Place(3, 4, 10, 2),
            Scheduling.DEFAULT,
            List.of("gpu"),
            1,
            2,
            0,
            2,
            null,
            0,
            0));
  }

  @Override
  public synchronized CompletableFuture<@Nullable CompilationTask> cancel(
      String tenant, TaskId id) {
    QuernException failure = nextCancelFailure;
    if (failure != null) {
      nextCancelFailure = null;
      return CompletableFuture.failedFuture(failure);
    }
    CompilationTask task = find(id);
    if (task == null || !task.tenant().equals(tenant)) {
      return CompletableFuture.completedFuture(null);
    }
    if (!task.state().isTerminal()) {
      end(id, TaskState.CANCELLED, null);
    }
    return CompletableFuture.completedFuture(find(id));
  }

  @Override
  public synchronized @Nullable CompilationTask find(TaskId id) {
    read();
    Entry entry = tasks.get(id);
    return entry == null ? null : entry.status;
  }

  @Override
  public KeptWork findKept(TaskId id) {
    return KeptWork.NOTHING;
  }

  @Override
  public synchronized @Nullable StoredResult findResult(TaskId id) {
    Entry entry = tasks.get(id);
    return entry == null ? null : entry.result;
  }

  @Override
  public synchronized boolean isExpired(String tenant, TaskId id) {
    return tenant.equals(expired.get(id));
  }

  @Override
  public synchronized List<CompilationTask> list(TaskQuery query) {
    read();
    return tasks.descendingMap().values().stream()
        .map(entry -> entry.status)
        .filter(task -> task.tenant().equals(query.tenant()))
        .filter(task -> query.state() == null || task.state() == query.state())
        .filter(task -> query.tag() == null || task.tags().contains(query.tag()))
        .filter(task -> query.name() == null || query.name().equals(task.name()))
        .filter(task -> query.before() == null || task.id().compareTo(query.before()) < 0)
        .limit(query.limit())
        .toList();
  }

  @Override
  public synchronized List<StoredEvent> events(TaskId id, long from, int limit) {
    Entry entry = tasks.get(id);
    return entry == null
        ? List.of()
        : entry.events.stream().filter(event -> event.number() >= from).limit(limit).toList();
  }

  @Override
  public synchronized boolean purge(String tenant, TaskId id) {
    CompilationTask task = find(id);
    if (task == null || !task.tenant().equals(tenant) || !task.state().isTerminal()) {
      return false;
    }
    tasks.remove(id);
    notifyAll();
    return true;
  }

  @Override
  public Reader open(TaskId task, long from) {
    return new Reader() {
      private long next = from;

      @Override
      public List<StoredEvent> next(Duration timeout) throws InterruptedException {
        synchronized (InMemoryTasks.this) {
          long end = System.nanoTime() + timeout.toNanos();
          List<StoredEvent> found = events(task, next, 100);
          while (found.isEmpty()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
              return found;
            }
            InMemoryTasks.this.wait(left);
            found = events(task, next, 100);
          }
          next = found.getLast().number() + 1;
          return found;
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public synchronized @Nullable Submission findSubmission(TaskId id) {
    Entry entry = tasks.get(id);
    return entry == null ? null : entry.submission;
  }

  @Override
  public @Nullable KeyedTask findByKey(String tenant, String key) {
    throw new UnsupportedOperationException("the gateway looks keys up");
  }

  @Override
  public long beginEpoch() {
    throw new UnsupportedOperationException("the core's business");
  }

  @Override
  public List<Outcome> commit(List<TaskRecord> records) {
    throw new UnsupportedOperationException("the core's business");
  }

  @Override
  public void forEachUnfinished(Consumer<CompilationTask> consumer) {
    throw new UnsupportedOperationException("the core's business");
  }

  @Override
  public int sweep(Instant now) {
    throw new UnsupportedOperationException("the store's business");
  }
}
