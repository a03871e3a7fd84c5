package io.quern.runtime.simulation;

import io.quern.failure.ErrorCode;
import io.quern.protocol.RuntimeTask;
import io.quern.runtime.Event;
import io.quern.runtime.Fixtures;
import io.quern.runtime.ReplyTo;
import io.quern.task.CompilationTask;
import io.quern.task.Scheduling;
import io.quern.task.TaskEvent;
import io.quern.task.TaskExplanation;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord.IdempotencyKey;
import io.quern.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everybody outside: what they ask for, what they were told, and whether it was the truth.
final class Clients {

  /// What a task should come to.
  record Plan(
      String owner, Script script, @Nullable Duration timeLimit, @Nullable IdempotencyKey key) {}

  private sealed interface Question {
    record Submitted(List<TaskId> tasks) implements Question {}

    /// @param isKnown whether the task was acknowledged when this was asked
    record Cancelled(TaskId task, boolean isOwner, boolean isKnown) implements Question {}

    record Explained(TaskId task) implements Question {}

    record Requested(TaskId task, boolean isKnown) implements Question {}
  }

  private final Scheduler scheduler;
  private final SimulatedStore store;
  private final double deadly;
  private final Map<TaskId, Plan> plans = new LinkedHashMap<>();
  private final Map<ReplyTo, Question> open = new HashMap<>();
  private final Set<TaskId> acknowledged = new HashSet<>();
  private final Set<TaskId> cancelAsked = new HashSet<>();
  private final Set<TaskId> foreign = new HashSet<>();
  private final Map<TaskId, TaskState> toldEnds = new HashMap<>();
  private final List<TaskId> sent = new ArrayList<>();
  private long ids;
  private long replies;

  /// @param deadly chance of a compilation to have a task that ends whoever runs it
  Clients(Scheduler scheduler, SimulatedStore store, double deadly) {
    this.deadly = deadly;
    this.scheduler = scheduler;
    this.store = store;
  }

  Plan plan(TaskId task) {
    Plan plan = plans.get(task);
    if (plan == null) {
      throw new AssertionError("nobody submitted " + task);
    }
    return plan;
  }

  /// A submission of one or a few tasks that is still to be sent.
  ///
  /// @param size runtime tasks in all
  record Draft(List<NewTask> tasks, int size) {}

  /// Draws what is submitted later.
  Draft draft() {
    String owner = scheduler.chance(0.7) ? "alice" : "bob";
    int count = scheduler.chance(0.3) ? scheduler.between(2, 5) : 1;
    List<NewTask> tasks = new ArrayList<>();
    int size = 0;
    for (int i = 0; i < count; i++) {
      long number = ++ids;
      // Now and then a key that was used before, with the same body or another.
      IdempotencyKey key =
          scheduler.chance(0.4)
              ? new IdempotencyKey(owner, "key-" + scheduler.below(6), "hash-" + scheduler.below(2))
              : null;
      Duration limit = scheduler.chance(0.15) ? scheduler.delay(200_000) : null;
      Script script = Script.random(scheduler, 2);
      if (deadly > 0 && scheduler.chance(deadly)) {
        script = script.deadly(scheduler);
      }
      size += key == null ? script.size() : 0;
      plans.put(Fixtures.taskId(number), new Plan(owner, script, limit, key));
      tasks.add(newTask(number, owner, key));
    }
    return new Draft(tasks, size);
  }

  private NewTask newTask(long number, String owner, @Nullable IdempotencyKey key) {
    Scheduling scheduling =
        new Scheduling(scheduler.between(Scheduling.LOWEST, Scheduling.HIGHEST), List.of());
    return new NewTask(
        Fixtures.taskId(number),
        owner,
        Fixtures.submission().toBuilder().scheduling(scheduling).build(),
        Fixtures.NOTHING,
        key);
  }

  void submit(SimulatedCluster cluster, Draft draft) {
    List<TaskId> tasks = draft.tasks().stream().map(NewTask::id).toList();
    sent.addAll(tasks);
    ReplyTo reply = ask(new Question.Submitted(tasks));
    scheduler.trace(() -> "submit " + tasks);
    cluster.post(new Event.ClientSubmit(reply, draft.tasks(), scheduler.chance(0.3)));
  }

  private TaskId any() {
    return sent.get(scheduler.below(sent.size()));
  }

  /// Cancels any task that was ever submitted.
  void cancel(SimulatedCluster cluster) {
    if (sent.isEmpty()) {
      return;
    }
    TaskId task = any();
    boolean isOwner = scheduler.chance(0.8);
    if (isOwner) {
      cancelAsked.add(task);
    }
    scheduler.trace(() -> "cancel " + task + (isOwner ? "" : " by a stranger"));
    ReplyTo reply = ask(new Question.Cancelled(task, isOwner, acknowledged.contains(task)));
    cluster.post(new Event.ClientCancel(reply, isOwner ? plan(task).owner() : "mallory", task));
  }

  void request(SimulatedCluster cluster) {
    if (sent.isEmpty()) {
      return;
    }
    TaskId task = any();
    if (scheduler.chance(0.3)) {
      cluster.post(new Event.ClientExplain(ask(new Question.Explained(task)), task));
    } else {
      cluster.post(
          new Event.ClientRequest(
              ask(new Question.Requested(task, acknowledged.contains(task))), task));
    }
  }

  /// Removes an unfinished task from the store behind the server's back.
  void removeForeign() {
    for (CompilationTask row : store.rows()) {
      if (!row.state().isTerminal() && scheduler.chance(0.5)) {
        scheduler.fault(FaultKind.TASK_REMOVED);
        foreign.add(row.id());
        store.removeForeign(row.id());
        return;
      }
    }
  }

  private ReplyTo ask(Question question) {
    ReplyTo reply = new ReplyTo(++replies);
    open.put(reply, question);
    return reply;
  }

  /// The process died: its answers will not come.
  void connectionLost() {
    open.clear();
  }

  void answered(ReplyTo to, List<SubmitAnswer> answers) {
    if (!(open.remove(to) instanceof Question.Submitted(List<TaskId> tasks))
        || tasks.size() != answers.size()) {
      throw new AssertionError("not the answer to a submission: " + to + " " + answers);
    }
    for (int i = 0; i < answers.size(); i++) {
      switch (answers.get(i)) {
        case SubmitAnswer.Accepted(CompilationTask task) -> {
          if (!task.id().equals(tasks.get(i))) {
            throw new AssertionError("expected " + tasks.get(i) + " to be answered, got " + task);
          }
          checkDurable(task.id());
          acknowledged.add(task.id());
        }
        case SubmitAnswer.Repeated(CompilationTask task) -> {
          checkDurable(task.id());
          acknowledged.add(task.id());
        }
        case SubmitAnswer.KeyReused(TaskId task) -> checkDurable(task);
        case SubmitAnswer.KeyInFlight _,
            SubmitAnswer.QueueFull _,
            SubmitAnswer.StoreUnavailable _,
            SubmitAnswer.Draining _ -> {}
      }
    }
  }

  private void checkDurable(TaskId task) {
    if (store.row(task) == null && !foreign.contains(task)) {
      throw new AssertionError(task + " was acknowledged and is not in the store");
    }
  }

  void statusAnswered(ReplyTo to, TaskId task, @Nullable CompilationTask row) {
    switch (open.remove(to)) {
      case null -> throw new AssertionError(to + " was answered twice, or never asked");
      case Question.Explained explained ->
          throw new AssertionError(explained + " was answered by a status");
      case Question.Submitted submitted ->
          throw new AssertionError(submitted + " was answered by a status");
      case Question.Cancelled(TaskId _, boolean isOwner, boolean isKnown) -> {
        if (isOwner && row != null && isKnown) {
          checkOver(task, row);
        }
      }
      case Question.Requested(TaskId _, boolean isKnown) -> {
        if (row != null && isKnown) {
          checkOver(task, row);
        }
      }
    }
  }

  /// An end that was told is the end.
  private void checkOver(TaskId task, CompilationTask row) {
    if (!row.state().isTerminal()) {
      throw new AssertionError(task + " was said to be over and is " + row.state());
    }
    TaskState before = toldEnds.put(task, row.state());
    if (before != null && before != row.state()) {
      throw new AssertionError(task + " was " + before + " and is " + row.state());
    }
  }

  /// A task that is acknowledged and not over is with the server, which can say why it is not.
  void explained(ReplyTo to, @Nullable TaskExplanation explanation) {
    if (!(open.remove(to) instanceof Question.Explained(TaskId task))) {
      throw new AssertionError(to + " was answered twice, or never asked why");
    }
    CompilationTask row = store.row(task);
    if (explanation == null
        && acknowledged.contains(task)
        && row != null
        && !row.state().isTerminal()
        && !foreign.contains(task)) {
      throw new AssertionError(task + " is " + row.state() + " and the server does not have it");
    }
  }

  void failed(ReplyTo to) {
    if (open.remove(to) == null) {
      throw new AssertionError(to + " was answered twice, or never asked");
    }
  }

  void checkAttemptIsDurable(RuntimeTask root) {
    TaskId task = root.compilation().task();
    CompilationTask row = store.row(task);
    boolean isDurable =
        row != null
            && row.attempt() != null
            && row.attempt().number() == root.id().attempt()
            && row.attempt().epoch() == root.id().address().mailbox() >>> 32
            && row.deaths().equals(root.deaths());
    if (!isDurable && !foreign.contains(task)) {
      throw new AssertionError(root + " was handed out before its attempt was durable: " + row);
    }
  }

  /// Whether everything acknowledged is over and every question answered.
  boolean areSatisfied() {
    return open.isEmpty() && store.rows().stream().allMatch(row -> row.state().isTerminal());
  }

  /// What nobody was allowed to end as it did.
  void checkEnds() {
    for (TaskId task : acknowledged) {
      if (store.row(task) == null && !foreign.contains(task)) {
        throw new AssertionError(task + " was acknowledged and is lost");
      }
    }
    for (CompilationTask row : store.rows()) {
      Plan plan = plan(row.id());
      TaskEvent last = store.log(row.id()).getLast();
      switch (row.state()) {
        case DONE -> {
          check(!plan.script().mustFail(), row, "must fail");
          check(
              last.data() instanceof TaskEvent.ResultReady ready
                  && (ready.result().seed() == plan.script().value()
                      || plan.script().mayBePoisoned()),
              row,
              "should return " + plan.script().value() + ", found " + last);
        }
        case PARTIAL -> check(plan.timeLimit() != null, row, "has no time limit");
        case FAILED ->
            check(
                plan.script().mustFail()
                    || plan.timeLimit() != null
                    || plan.script().mayBePoisoned() && isPoisoned(last),
                row,
                "must not fail");
        case CANCELLED -> check(cancelAsked.contains(row.id()), row, "was not to be cancelled");
        case QUEUED, RUNNING -> check(false, row, "should be over");
      }
    }
  }

  private static boolean isPoisoned(TaskEvent end) {
    return end.data() instanceof TaskEvent.StateChanged changed
        && changed.error() != null
        && changed.error().code() == ErrorCode.POISONED;
  }

  private static void check(boolean holds, CompilationTask row, String complaint) {
    if (!holds) {
      throw new AssertionError("task " + row.id() + " is " + row.state() + " and " + complaint);
    }
  }

  String openQuestions() {
    return open.toString();
  }
}
