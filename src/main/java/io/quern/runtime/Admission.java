package io.quern.runtime;

import io.quern.task.CompilationTask;
import io.quern.task.TaskEvent;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.task.TaskStore;
import io.quern.task.TaskStore.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Takes submissions in: one transaction, then the answer, then the queue.
final class Admission {

  /// What admission changes outside itself.
  interface Books {
    TaskEntry newEntry(NewTask task);

    /// How many tasks the queue can still take.
    int room();

    void stored(TaskEntry entry);

    void notStored(TaskEntry entry);
  }

  private record Key(String tenant, String key) {}

  private final Commits commits;
  private final Timers timers;
  private final Consumer<Effect> effects;
  private final Supplier<Instant> now;
  private final Duration retryDelay;
  private final int queueLimit;
  private final Books books;
  private final Set<Key> keysInFlight = new HashSet<>();
  private int storing;

  Admission(
      Commits commits,
      Timers timers,
      Consumer<Effect> effects,
      Supplier<Instant> now,
      ServerSettings settings,
      Books books) {
    this.commits = commits;
    this.timers = timers;
    this.effects = effects;
    this.now = now;
    this.retryDelay = settings.retryDelay();
    this.queueLimit = settings.queueLimit();
    this.books = books;
  }

  /// Tasks whose acceptance is under way.
  int storing() {
    return storing;
  }

  /// Answers every task of a submission alike, without storing anything.
  void refuse(ReplyTo reply, int tasks, SubmitAnswer answer) {
    List<SubmitAnswer> answers = new ArrayList<>(tasks);
    for (int i = 0; i < tasks; i++) {
      answers.add(answer);
    }
    effects.accept(new Effect.Reply(reply, answers));
  }

  void submit(ReplyTo reply, List<NewTask> tasks, boolean atomic) {
    int room = books.room() - storing;
    if (atomic && tasks.size() > room) {
      refuse(reply, tasks.size(), new SubmitAnswer.QueueFull(queueLimit));
      return;
    }
    if (atomic && tasks.stream().anyMatch(this::isKeyInFlight)) {
      refuse(reply, tasks.size(), new SubmitAnswer.KeyInFlight());
      return;
    }
    Acceptance acceptance = new Acceptance(reply, tasks.size(), atomic);
    for (int i = 0; i < tasks.size(); i++) {
      NewTask task = tasks.get(i);
      Key key = keyOf(task);
      if (acceptance.size() >= room) {
        acceptance.answer(i, new SubmitAnswer.QueueFull(queueLimit));
      } else if (key != null && !keysInFlight.add(key)) {
        acceptance.answer(i, new SubmitAnswer.KeyInFlight());
      } else {
        acceptance.add(i, task, books.newEntry(task));
      }
    }
    storing += acceptance.size();
    if (acceptance.size() == 0) {
      acceptance.reply();
    } else {
      commits.persist(acceptance);
    }
  }

  private boolean isKeyInFlight(NewTask task) {
    Key key = keyOf(task);
    return key != null && keysInFlight.contains(key);
  }

  private static @Nullable Key keyOf(NewTask task) {
    TaskRecord.IdempotencyKey key = task.key();
    return key == null ? null : new Key(key.tenant(), key.key());
  }

  /// One transaction of new tasks and the answers to come of it.
  private final class Acceptance implements Commits.Commit {

    /// @param position among the answers
    private record Candidate(
        int position, NewTask task, TaskEntry entry, TaskRecord.Accepted record) {}

    private final ReplyTo reply;
    private final boolean isAtomic;
    private final List<@Nullable SubmitAnswer> answers;
    private List<Candidate> open = new ArrayList<>();
    private boolean isAnswered;
    private String trouble = "";

    private Acceptance(ReplyTo reply, int size, boolean isAtomic) {
      this.reply = reply;
      this.isAtomic = isAtomic;
      answers = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        answers.add(null);
      }
    }

    private int size() {
      return open.size();
    }

    private void answer(int position, SubmitAnswer answer) {
      answers.set(position, answer);
    }

    private void add(int position, NewTask task, TaskEntry entry) {
      Instant time = now.get();
      TaskEvent queued =
          entry.nextEvent(time, new TaskEvent.StateChanged(null, TaskState.QUEUED, null));
      CompilationTask status =
          CompilationTask.queued(task.id(), task.tenant(), task.submission(), task.before(), time)
              .change()
              .lastEvent(entry.lastEvent)
              .made();
      open.add(
          new Candidate(
              position,
              task,
              entry,
              new TaskRecord.Accepted(status, task.submission(), task.key(), List.of(queued))));
    }

    @Override
    public List<TaskRecord> records() {
      List<TaskRecord.Accepted> records = open.stream().map(Candidate::record).toList();
      return isAtomic ? List.of(new TaskRecord.AcceptedTogether(records)) : List.copyOf(records);
    }

    @Override
    public void committed(List<Outcome> outcomes) {
      List<Candidate> unknown = new ArrayList<>();
      List<TaskEntry> stored = new ArrayList<>();
      for (int i = 0; i < open.size(); i++) {
        Candidate candidate = open.get(i);
        switch (outcomes.get(isAtomic ? 0 : i)) {
          case Outcome.Committed() -> accept(candidate, stored);
          case Outcome.KeyTaken(Map<TaskId, TaskStore.KeyedTask> holders) ->
              turnAway(candidate, answerOfHolder(candidate, holders));
          case Outcome.NotApplied() ->
              turnAway(candidate, unavailable("the store has a task of this id"));
          case Outcome.Failed(String reason) -> {
            trouble = reason;
            unknown.add(candidate);
          }
        }
      }
      open = unknown;
      finish(stored);
      if (!unknown.isEmpty()) {
        lookUp();
      }
    }

    @Override
    public void refused() {
      open.forEach(each -> turnAway(each, unavailable("the store's queue is full")));
      open = List.of();
      finish(List.of());
    }

    @Override
    public void readBack(Map<TaskId, CompilationTask> found) {
      List<TaskEntry> stored = new ArrayList<>();
      for (Candidate each : open) {
        if (found.containsKey(each.entry().id())) {
          accept(each, stored);
        } else {
          turnAway(each, unavailable(trouble));
        }
      }
      open = List.of();
      finish(stored);
    }

    /// The client is told that it is not known to be stored; should it turn out to be, it runs.
    @Override
    public void readBackFailed(String reason) {
      for (Candidate each : open) {
        if (answers.get(each.position()) == null) {
          answer(each.position(), unavailable(reason));
        }
      }
      reply();
      timers.schedule(now.get().plus(retryDelay), this::lookUp);
    }

    private void lookUp() {
      commits.readBack(this, open.stream().map(each -> each.entry().id()).toList());
    }

    private void accept(Candidate candidate, List<TaskEntry> stored) {
      if (answers.get(candidate.position()) == null) {
        answer(candidate.position(), new SubmitAnswer.Accepted(candidate.record().status()));
      }
      release(candidate);
      stored.add(candidate.entry());
    }

    private void turnAway(Candidate candidate, SubmitAnswer answer) {
      if (answers.get(candidate.position()) == null) {
        answer(candidate.position(), answer);
      }
      release(candidate);
      books.notStored(candidate.entry());
    }

    private static SubmitAnswer answerOfHolder(
        Candidate candidate, Map<TaskId, TaskStore.KeyedTask> holders) {
      TaskRecord.IdempotencyKey key = candidate.task().key();
      TaskStore.KeyedTask holder = holders.get(candidate.task().id());
      if (key == null) {
        return unavailable("another task of the batch was turned away");
      }
      if (holder == null) {
        // The batch that came with this key was another, or this task of it has been removed.
        return new SubmitAnswer.KeyReused(holders.values().iterator().next().task().id());
      }
      return holder.bodyHash().equals(key.bodyHash())
          ? new SubmitAnswer.Repeated(holder.task())
          : new SubmitAnswer.KeyReused(holder.task().id());
    }

    private void release(Candidate candidate) {
      storing--;
      Key key = keyOf(candidate.task());
      if (key != null) {
        keysInFlight.remove(key);
      }
    }

    private void finish(List<TaskEntry> stored) {
      if (open.isEmpty()) {
        reply();
      }
      stored.forEach(books::stored);
    }

    private void reply() {
      if (!isAnswered) {
        isAnswered = true;
        List<SubmitAnswer> complete = new ArrayList<>(answers.size());
        answers.forEach(answer -> complete.add(Objects.requireNonNull(answer)));
        effects.accept(new Effect.Reply(reply, complete));
      }
    }

    private static SubmitAnswer unavailable(String reason) {
      return new SubmitAnswer.StoreUnavailable(reason);
    }
  }
}
