package io.quern.runtime;

import static io.quern.runtime.Fixtures.newTask;
import static io.quern.runtime.Fixtures.result;
import static io.quern.runtime.Fixtures.taskId;
import static io.quern.runtime.ServerDriver.MANAGER;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import io.quern.failure.ErrorCode;
import io.quern.protocol.Failure;
import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.Attempt;
import io.quern.task.CompilationTask;
import io.quern.task.TaskEvent;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.IdempotencyKey;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.KeyedTask;
import io.quern.task.TaskStore.Outcome;
import io.quern.worker.WorkerDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The server's handlers one by one, and the order of what they do.
class DetachedServerTest {
  private final ServerDriver driver = ServerDriver.ready(1);

  private static CompilationTask status(
      long number, TaskState state, @Nullable Attempt attempt, long lastEvent) {
    return CompilationTask.queued(
            taskId(number), "alice", Fixtures.submission(), Fixtures.NOTHING, Instant.EPOCH)
        .change()
        .state(state)
        .attempt(attempt)
        .lastEvent(lastEvent)
        .made();
  }

  @Test
  void requestThatCannotBeHandledIsAnswered() {
    driver.accept(1);
    ReplyTo reply = driver.submit(newTask(1, "alice"));
    assertThat(driver.server().takeSystemErrors()).hasSize(1);
    assertThat(driver.effect(Effect.ReplyFailure.class).to()).isEqualTo(reply);
    assertThat(driver.effect(Effect.ReplyFailure.class).code()).isEqualTo(ErrorCode.INTERNAL);
  }

  // handleNewCompTask

  @Test
  void taskIsStoredThenAnsweredThenQueued() {
    driver.submit(newTask(1, "alice"));
    assertThat(driver.effects()).hasOnlyElementsOfType(Effect.Persist.class);
    assertThat(driver.persisted().events())
        .containsExactly(
            new TaskEvent(
                taskId(1),
                1,
                driver.now(),
                new TaskEvent.StateChanged(null, TaskState.QUEUED, null)));

    driver.commit();
    assertThat(driver.effects()).hasSize(2);
    assertThat(driver.effects().getFirst()).isInstanceOf(Effect.Reply.class);
    assertThat(driver.effects().getLast()).isEqualTo(new Effect.LoadSubmission(taskId(1)));
  }

  @Test
  void beforeTheDoorsOpenNothingIsAccepted() {
    ServerDriver starting = new ServerDriver();
    assertThat(starting.answerTo(newTask(1, "alice")))
        .isEqualTo(new SubmitAnswer.StoreUnavailable("the service is starting"));
  }

  @Test
  void fullQueueRefusesWhatDoesNotFit() {
    ServerDriver small = new ServerDriver(1, ServerSettings.builder().queueLimit(2).build());
    small.handle(new Event.DoorsOpened());
    small.submit(newTask(1, "alice"), newTask(2, "alice"), newTask(3, "alice"));
    small.commit();
    List<SubmitAnswer> answers = small.effect(Effect.Reply.class).answers();
    assertThat(answers.subList(0, 2)).hasOnlyElementsOfType(SubmitAnswer.Accepted.class);
    assertThat(answers.getLast()).isEqualTo(new SubmitAnswer.QueueFull(2));
  }

  @Test
  void tasksBeingStoredCountTowardsTheQueue() {
    ServerDriver small = new ServerDriver(1, ServerSettings.builder().queueLimit(1).build());
    small.handle(new Event.DoorsOpened());
    small.submit(newTask(1, "alice"));
    assertThat(small.answerTo(newTask(2, "alice"))).isEqualTo(new SubmitAnswer.QueueFull(1));
  }

  @Test
  void atomicBatchIsOneRecordOrNothing() {
    driver.handle(
        new Event.ClientSubmit(
            driver.reply(), List.of(newTask(1, "alice"), newTask(2, "alice")), true));
    assertThat(driver.persisted()).isInstanceOf(TaskRecord.AcceptedTogether.class);
    driver.commit();
    assertThat(driver.effect(Effect.Reply.class).answers())
        .hasSize(2)
        .hasOnlyElementsOfType(SubmitAnswer.Accepted.class);
  }

  @Test
  void repeatedKeyAnswersWithTheFirstTaskAndReusedKeyIsRefused() {
    KeyedTask holder = new KeyedTask(status(9, TaskState.QUEUED, null, 1), "hash");
    driver.submit(newTask(1, "alice", new IdempotencyKey("alice", "key", "hash")));
    driver.answer(
        driver.effect(Effect.Persist.class), new Outcome.KeyTaken(Map.of(taskId(1), holder)));
    assertThat(driver.effect(Effect.Reply.class).answers())
        .containsExactly(new SubmitAnswer.Repeated(holder.task()));

    driver.submit(newTask(2, "alice", new IdempotencyKey("alice", "key", "other")));
    driver.answer(
        driver.effect(Effect.Persist.class), new Outcome.KeyTaken(Map.of(taskId(2), holder)));
    assertThat(driver.effect(Effect.Reply.class).answers())
        .containsExactly(new SubmitAnswer.KeyReused(taskId(9)));
  }

  @Test
  void repeatedAtomicBatchAnswersWithEachOfItsFirstTasks() {
    KeyedTask first = new KeyedTask(status(8, TaskState.QUEUED, null, 1), "hash");
    KeyedTask second = new KeyedTask(status(9, TaskState.QUEUED, null, 1), "hash");
    driver.handle(
        new Event.ClientSubmit(
            driver.reply(),
            List.of(
                newTask(1, "alice", new IdempotencyKey("alice", "key-0", "hash")),
                newTask(2, "alice", new IdempotencyKey("alice", "key-1", "hash"))),
            true));
    driver.answer(
        driver.effect(Effect.Persist.class),
        new Outcome.KeyTaken(Map.of(taskId(1), first, taskId(2), second)));
    assertThat(driver.effect(Effect.Reply.class).answers())
        .containsExactly(
            new SubmitAnswer.Repeated(first.task()), new SubmitAnswer.Repeated(second.task()));
  }

  @Test
  void nothingOfAnAtomicBatchIsStoredWhileOneOfItsKeysIsInFlight() {
    IdempotencyKey key = new IdempotencyKey("alice", "key", "hash");
    driver.submit(newTask(1, "alice", key));
    driver.handle(
        new Event.ClientSubmit(
            driver.reply(), List.of(newTask(2, "alice", key), newTask(3, "alice")), true));
    assertThat(driver.effect(Effect.Reply.class).answers())
        .containsExactly(new SubmitAnswer.KeyInFlight(), new SubmitAnswer.KeyInFlight());
    assertThat(driver.effects(Effect.Persist.class)).isEmpty();
  }

  @Test
  void keyIsInFlightUntilItsFirstRequestIsStored() {
    IdempotencyKey key = new IdempotencyKey("alice", "key", "hash");
    driver.submit(newTask(1, "alice", key));
    Effect.Persist first = driver.effect(Effect.Persist.class);
    assertThat(driver.answerTo(newTask(2, "alice", key))).isEqualTo(new SubmitAnswer.KeyInFlight());
    driver.commit(first);
    driver.submit(newTask(3, "alice", key));
    assertThat(driver.effects()).hasOnlyElementsOfType(Effect.Persist.class);
  }

  @Test
  void fullStoreQueueIsAnsweredAtOnce() {
    driver.submit(newTask(1, "alice"));
    driver.handle(new Event.Refused(driver.effect(Effect.Persist.class).seq()));
    assertThat(driver.effect(Effect.Reply.class).answers().getFirst())
        .isInstanceOf(SubmitAnswer.StoreUnavailable.class);
  }

  @Test
  void unknownOutcomeOfAnAcceptanceIsReadBackBeforeTheAnswer() {
    driver.submit(newTask(1, "alice"));
    driver.answer(driver.effect(Effect.Persist.class), new Outcome.Failed("connection lost"));
    assertThat(driver.effects(Effect.Reply.class)).isEmpty();
    driver.readBack(driver.effect(Effect.ReadBack.class), status(1, TaskState.QUEUED, null, 1));
    assertThat(driver.effect(Effect.Reply.class).answers().getFirst())
        .isInstanceOf(SubmitAnswer.Accepted.class);
  }

  @Test
  void acceptanceThatIsNotInTheStoreIsAnsweredAsUnavailable() {
    driver.submit(newTask(1, "alice"));
    driver.answer(driver.effect(Effect.Persist.class), new Outcome.Failed("disk full"));
    driver.readBack(driver.effect(Effect.ReadBack.class));
    assertThat(driver.effect(Effect.Reply.class).answers())
        .containsExactly(new SubmitAnswer.StoreUnavailable("disk full"));
  }

  @Test
  void taskThatTurnsOutToBeStoredAfterItsAnswerRunsAnyway() {
    driver.submit(newTask(1, "alice"));
    driver.answer(driver.effect(Effect.Persist.class), new Outcome.Failed("connection lost"));
    driver.handle(
        new Event.ReadBackFailed(driver.effect(Effect.ReadBack.class).seq(), "still lost"));
    assertThat(driver.effect(Effect.Reply.class).answers().getFirst())
        .isInstanceOf(SubmitAnswer.StoreUnavailable.class);
    driver.pass(Duration.ofSeconds(1)).handle(new Event.TimerFired());
    driver.readBack(driver.effect(Effect.ReadBack.class), status(1, TaskState.QUEUED, null, 1));
    assertThat(driver.effects()).containsExactly(new Effect.LoadSubmission(taskId(1)));
  }

  // From the queue to a worker

  @Test
  void attemptIsDurableBeforeTheRootIsHandedOut() {
    TaskId task = driver.accept(1);
    driver.load(task);
    assertThat(driver.effects()).hasOnlyElementsOfType(Effect.Persist.class);
    assertThat(driver.persisted())
        .isInstanceOfSatisfying(
            TaskRecord.Started.class,
            started -> assertThat(started.attempt()).isEqualTo(new Attempt(1, 1)));
    driver.commit();
    assertThat(driver.rootSent().id().attempt()).isEqualTo(1);
  }

  @Test
  void tasksStartInOrderOfArrivalAsWorkersBecomeIdle() {
    RuntimeTask first = driver.run(1);
    driver.accept(2);
    driver.accept(3);
    assertThat(driver.effects(Effect.LoadSubmission.class)).isEmpty();
    driver.finish(first.id(), result(1));
    assertThat(driver.effects(Effect.LoadSubmission.class))
        .containsExactly(new Effect.LoadSubmission(taskId(2)));
  }

  @Test
  void aTenantWithNothingOutIsServedBeforeTheQueueOfAnother() {
    driver.run(1);
    for (int i = 2; i < 50; i++) {
      driver.accept(i);
    }
    driver.submit(newTask(50, "bob"));
    driver.commit();
    assertThat(driver.effects(Effect.LoadSubmission.class))
        .as("though the one worker is busy, so that bob gets its next slot")
        .containsExactly(new Effect.LoadSubmission(taskId(50)));
    driver.load(taskId(50));
    driver.commit();
    assertThat(driver.rootSent().compilation().tenant()).isEqualTo("bob");
  }

  @Test
  void taskLostWithItsManagerRunsElsewhereAndItsLateResultIsDropped() {
    LinkId other = new LinkId(2);
    RuntimeTask root = driver.run(1);
    driver.handle(new Event.NodeOpened(other));
    driver.handle(new Event.Received(other, new Message.Started(1)));
    long mine = driver.server().employees().getFirst().ids().lower();
    RuntimeTask child = WorkerDriver.child(root, mine, 1, 0);
    driver.receive(new Message.Submit(child));
    assertThat(driver.effects()).containsExactly(new Effect.Send(other, new Message.Submit(child)));
    driver.handle(new Event.LinkClosed(other));
    assertThat(driver.sent(MANAGER))
        .as("it may have descendants of the lost run")
        .contains(new Message.Cancel(child.id().address(), 1, 1));
    driver.receive(new Message.Waiting(1, root.id()));
    RuntimeTaskId again = new RuntimeTaskId(child.id().address(), 2);
    assertThat(driver.effects(Effect.Send.class))
        .anySatisfy(
            send ->
                assertThat(send.message())
                    .isInstanceOfSatisfying(
                        Message.Submit.class,
                        submit -> assertThat(submit.task().id()).isEqualTo(again)));
    driver.receive(new Message.Result(child.id(), 1, child.function(), 5L, 1));
    assertThat(driver.effects()).isEmpty();
    assertThat(driver.server().dropped()).containsEntry(DropReason.LATE_RESULT, 1L);
    driver.receive(new Message.Result(again, 1, child.function(), 5L, 1));
    assertThat(driver.effects(Effect.Send.class)).hasSize(1);
  }

  @Test
  void whoSpeaksForWorkersOfOthersIsCutOff() {
    RuntimeTask root = driver.run(1);
    driver.connect(new LinkId(2), 1);
    long theirs = driver.server().employees().getLast().ids().lower();
    RuntimeAddress mailbox = new RuntimeAddress(theirs, 1, RuntimeAddress.ALL_SLOTS);
    List<Message> forged =
        List.of(
            new Message.Submit(WorkerDriver.child(root, 123_456, 1, 0)),
            new Message.Submit(WorkerDriver.child(root, theirs, 1, 0)),
            new Message.Cancel(mailbox, Integer.MAX_VALUE, 1),
            new Message.Cancel(root.id().address(), Integer.MAX_VALUE, 1),
            new Message.Communicate(mailbox, root.function(), 1, "hint"));
    for (Message each : forged) {
      driver.receive(each);
      assertThat(driver.effects()).as("%s", each).hasSize(1);
      assertThat(driver.effect(Effect.CutOff.class).isForged()).as("%s", each).isTrue();
    }
    assertThat(driver.server().dropped())
        .containsOnly(Map.entry(DropReason.FORGED_ADDRESS, (long) forged.size()));
  }

  @Test
  void whatATaskSaysGoesToTheManagersThatHaveItsChildren() {
    LinkId other = new LinkId(2);
    LinkId idle = new LinkId(3);
    RuntimeTask root = driver.run(1);
    driver.connect(other, 1);
    long mine = driver.server().employees().getFirst().ids().lower();
    RuntimeTask child = WorkerDriver.child(root, mine, 1, 0);
    driver.receive(new Message.Submit(child));
    driver.connect(idle, 1);
    Message.Communicate said =
        new Message.Communicate(
            new RuntimeAddress(mine, 1, RuntimeAddress.ALL_SLOTS), child.function(), 1, "hint");
    driver.receive(said);
    assertThat(driver.effects()).containsExactly(new Effect.Send(other, said));
    driver.receive(said);
    assertThat(driver.effects()).as("it was said").isEmpty();
  }

  @Test
  void drainingManagerHandsBackWhatItHasNotBegun() {
    RuntimeTask root = driver.run(1);
    driver.receive(new Message.Drain(List.of(root.id())));
    driver.connect(new LinkId(2), 1);
    assertThat(driver.effects(Effect.Send.class))
        .contains(new Effect.Send(new LinkId(2), new Message.Submit(root)));
  }

  @Test
  void creditGoesToWhoHasMoreThanItCanDoAsFarAsOthersHaveRoom() {
    driver.receive(new Message.Backlog(7, CostEstimates.UNKNOWN_NANOS));
    assertThat(driver.effects()).as("nobody else is there").isEmpty();
    driver.connect(new LinkId(2), 3);
    assertThat(driver.effects())
        .contains(new Effect.Send(ServerDriver.MANAGER, new Message.Credit(3)));
    driver.receive(new Message.Waiting(0, null));
    assertThat(driver.effects()).as("the credit is out").isEmpty();
  }

  @Test
  void idleReportThatCrossedASubmitIsCorrectedByItsReadReceipt() {
    driver.run(1);
    driver.accept(2);
    driver.receive(new Message.Waiting(1, null));
    assertThat(driver.effects()).isEmpty();
  }

  @Test
  void unreadableSubmissionWaitsAndIsTriedAgain() {
    TaskId task = driver.accept(1);
    driver.handle(new Event.LoadFailed(task, "busy"));
    assertThat(driver.effects(Effect.LoadSubmission.class)).isEmpty();
    driver.pass(Duration.ofSeconds(1)).handle(new Event.TimerFired());
    assertThat(driver.effects()).contains(new Effect.LoadSubmission(task));
  }

  @Test
  void unusableSubmissionFailsItsTask() {
    TaskId task = driver.accept(1);
    driver.handle(new Event.SubmissionUnusable(task, "it is not there"));
    assertThat(driver.persisted())
        .isInstanceOfSatisfying(
            TaskRecord.Ended.class, ended -> assertThat(ended.state()).isEqualTo(TaskState.FAILED));
  }

  @Test
  void recoveredTasksRunAgainOldestFirstAndSaySo() {
    ServerDriver restarted = new ServerDriver(2, ServerSettings.DEFAULT);
    restarted.handle(new Event.Recovered(status(1, TaskState.RUNNING, new Attempt(1, 3), 7)));
    restarted.handle(new Event.Recovered(status(2, TaskState.QUEUED, null, 1)));
    restarted.handle(new Event.DoorsOpened());
    restarted.connect(MANAGER, 1);
    assertThat(restarted.effects(Effect.LoadSubmission.class))
        .containsExactly(new Effect.LoadSubmission(taskId(1)));
    restarted.load(taskId(1));
    Attempt attempt = new Attempt(2, 4);
    assertThat(restarted.persisted().events())
        .containsExactly(
            new TaskEvent(taskId(1), 8, restarted.now(), new TaskEvent.Restarted(attempt)));
    restarted.commit();
    assertThat(restarted.rootSent().id().attempt()).isEqualTo(4);
    assertThat(restarted.rootSent().id().address().mailbox())
        .as("mailboxes of an epoch begin where no other epoch's reach")
        .isGreaterThan(2L << 32);
  }

  @Test
  void deadlineCountsFromTheFirstAttempt() {
    driver.limitTime(Duration.ofMinutes(1));
    Instant deadline = driver.now().plus(Duration.ofMinutes(1));
    RuntimeTask first = driver.run(1);
    assertThat(first.compilation().deadline()).isEqualTo(deadline);

    driver.pass(Duration.ofSeconds(20)).handle(new Event.LinkClosed(MANAGER));
    driver.connect(new LinkId(2), 1);
    driver.load(taskId(1));
    driver.commit();
    assertThat(driver.rootSent().compilation().deadline()).isEqualTo(deadline);
    assertThat(driver.rootSent().id().attempt()).isEqualTo(2);
  }

  @Test
  void employeesNeverShareIdsAcrossEpochs() {
    ServerDriver one = new ServerDriver(1, ServerSettings.DEFAULT);
    ServerDriver two = new ServerDriver(2, ServerSettings.DEFAULT);
    List<IdBlock> blocks = new ArrayList<>();
    for (ServerDriver each : List.of(one, two)) {
      for (long link = 1; link <= 2; link++) {
        each.handle(new Event.LinkOpened(new LinkId(link)));
        each.effects(Effect.Send.class).stream()
            .map(send -> ((Message.Connect) send.message()).ids())
            .forEach(blocks::add);
      }
    }
    assertThat(blocks).hasSize(4).doesNotHaveDuplicates();
    assertThat(blocks.stream().map(IdBlock::upper).toList().subList(0, 3))
        .as("blocks do not overlap")
        .isSortedAccordingTo(Long::compare)
        .allMatch(upper -> upper <= blocks.getLast().lower());
  }

  // handleResult

  @Test
  void resultIsToldOfOnlyWhenItIsDurable() {
    RuntimeTask root = driver.run(1);
    ReplyTo waiting = driver.reply();
    driver.handle(new Event.ClientRequest(waiting, taskId(1)));
    assertThat(driver.effects()).isEmpty();
    driver.finish(root.id(), result(5));
    assertThat(driver.effects()).hasOnlyElementsOfType(Effect.Persist.class);
    assertThat(driver.persisted().events().getLast().data())
        .isEqualTo(new TaskEvent.ResultReady(TaskState.DONE, result(5)));
    driver.commit();
    assertThat(driver.effects())
        .containsExactly(
            new Effect.ReplyStatus(waiting, taskId(1)),
            new Effect.Notify(taskId(1), TaskState.DONE));
  }

  @Test
  void partialResultEndsAsPartial() {
    RuntimeTask root = driver.run(1);
    driver.finish(root.id(), result(5, true));
    assertThat(((TaskRecord.Ended) driver.persisted()).state()).isEqualTo(TaskState.PARTIAL);
  }

  @Test
  void secondResultIsDroppedAndCounted() {
    RuntimeTask root = driver.run(1);
    driver.finish(root.id(), result(5));
    driver.finish(root.id(), result(6));
    assertThat(driver.effects()).isEmpty();
    assertThat(driver.server().dropped()).containsEntry(DropReason.LATE_RESULT, 1L);
  }

  @Test
  void resultOfAnEarlierAttemptIsDropped() {
    RuntimeTask first = driver.run(1);
    driver.handle(new Event.LinkClosed(MANAGER));
    driver.connect(new LinkId(2), 1);
    driver.load(taskId(1));
    driver.commit();
    driver.handle(
        new Event.Received(
            new LinkId(2), new Message.Result(first.id(), 1, first.function(), result(5), 1)));
    assertThat(driver.effects()).isEmpty();
    assertThat(driver.server().dropped()).containsEntry(DropReason.LATE_RESULT, 1L);
  }

  @Test
  void anythingButACompilationResultFailsTheTask() {
    RuntimeTask root = driver.run(1);
    driver.finish(root.id(), "not a circuit");
    assertThat(driver.persisted().events().getLast().data())
        .isInstanceOfSatisfying(
            TaskEvent.StateChanged.class,
            changed -> {
              assertThat(changed.to()).isEqualTo(TaskState.FAILED);
              assertThat(changed.error()).isNotNull();
            });
  }

  @Test
  void resultWaitsForTheCommitUnderWaySoThatNumbersStayInOrder() {
    RuntimeTask root = driver.run(1);
    driver.receive(new Message.Log(root.id(), LogLevel.INFO, "test", "hello"));
    Effect.Persist line = driver.effect(Effect.Persist.class);
    driver.finish(root.id(), result(5));
    assertThat(driver.effects()).isEmpty();
    driver.commit(line);
    assertThat(driver.persisted().events()).hasSize(1);
    assertThat(driver.persisted().events().getLast().number()).isEqualTo(4);
  }

  @Test
  void endThatCannotBeWrittenIsLookedUpAndTriedAgain() {
    RuntimeTask root = driver.run(1);
    driver.finish(root.id(), result(5));
    driver.answer(driver.effect(Effect.Persist.class), new Outcome.Failed("disk full"));
    driver.readBack(
        driver.effect(Effect.ReadBack.class), status(1, TaskState.RUNNING, new Attempt(1, 1), 2));
    driver.pass(Duration.ofSeconds(1)).handle(new Event.TimerFired());
    driver.commit();
    assertThat(driver.effects()).contains(new Effect.Notify(taskId(1), TaskState.DONE));
  }

  @Test
  void endThatWasWrittenAfterAllIsNotWrittenTwice() {
    RuntimeTask root = driver.run(1);
    driver.finish(root.id(), result(5));
    driver.answer(driver.effect(Effect.Persist.class), new Outcome.Failed("connection lost"));
    driver.readBack(
        driver.effect(Effect.ReadBack.class), status(1, TaskState.DONE, new Attempt(1, 1), 3));
    assertThat(driver.effects())
        .as("who reads the events is told of what the store had not told of")
        .containsExactly(
            new Effect.Announce(taskId(1), 3), new Effect.Notify(taskId(1), TaskState.DONE));
  }

  @Test
  void taskThatTheStoreKnowsAsEndedIsForgotten() {
    RuntimeTask root = driver.run(1);
    ReplyTo waiting = driver.reply();
    driver.handle(new Event.ClientRequest(waiting, taskId(1)));
    driver.finish(root.id(), result(5));
    driver.answer(driver.effect(Effect.Persist.class), new Outcome.NotApplied());
    assertThat(driver.effects()).containsExactly(new Effect.ReplyStatus(waiting, taskId(1)));
    driver.receive(new Message.Waiting(1, root.id()));
    driver.server().checkIdle();
  }

  // handleError

  @Test
  void failureCarriesPassBlockAndCause() {
    RuntimeTask root = driver.run(1);
    driver.receive(
        new Message.Error(
            root.id(), 1, new Failure(ErrorCode.PASS_FAILED, "no", "Kak", 17, "why"), 1));
    assertThat(driver.persisted().events().getLast().data())
        .isInstanceOfSatisfying(
            TaskEvent.StateChanged.class,
            changed -> {
              assertThat(changed.from()).isEqualTo(TaskState.RUNNING);
              assertThat(changed.error())
                  .isEqualTo(
                      new io.quern.task.TaskError(ErrorCode.PASS_FAILED, "no", "Kak", 17, "why"));
            });
  }

  @Test
  void failureOfOneTaskLeavesOthersAlone() {
    ServerDriver two = ServerDriver.ready(2);
    RuntimeTask first = two.run(1);
    RuntimeTask second = two.run(2);
    two.receive(
        new Message.Error(
            first.id(), 1, new Failure(ErrorCode.PASS_FAILED, "no", null, null, null), 1));
    two.commit();
    two.finish(second.id(), result(2));
    assertThat(((TaskRecord.Ended) two.persisted()).state()).isEqualTo(TaskState.DONE);
  }

  // handleCancelCompTask

  @Test
  void cancelIsCommittedThenBroadcastThenAnswered() {
    RuntimeTask root = driver.run(1);
    ReplyTo reply = driver.cancel(taskId(1));
    assertThat(driver.effects()).hasOnlyElementsOfType(Effect.Persist.class);
    driver.commit();
    assertThat(driver.effects())
        .containsExactly(
            new Effect.Send(
                MANAGER, new Message.Cancel(root.id().address(), root.id().attempt(), 1)),
            new Effect.ReplyStatus(reply, taskId(1)),
            new Effect.Notify(taskId(1), TaskState.CANCELLED));
  }

  @Test
  void cancelOfAQueuedTaskTakesItOutOfTheQueue() {
    driver.run(1);
    driver.accept(2);
    driver.cancel(taskId(2));
    assertThat(driver.persisted().events().getLast().data())
        .isEqualTo(new TaskEvent.StateChanged(TaskState.QUEUED, TaskState.CANCELLED, null));
    driver.commit();
    assertThat(driver.server().statistics().queued()).isZero();
  }

  @Test
  void resultAfterACancelIsDropped() {
    RuntimeTask root = driver.run(1);
    driver.cancel(taskId(1));
    driver.commit();
    driver.finish(root.id(), result(5));
    assertThat(driver.effects(Effect.Persist.class)).isEmpty();
    assertThat(driver.server().dropped()).containsEntry(DropReason.LATE_RESULT, 1L);
  }

  @Test
  void resultDecidedBeforeACancelWins() {
    RuntimeTask root = driver.run(1);
    driver.finish(root.id(), result(5));
    Effect.Persist end = driver.effect(Effect.Persist.class);
    ReplyTo reply = driver.cancel(taskId(1));
    assertThat(driver.effects()).isEmpty();
    driver.commit(end);
    assertThat(driver.effects())
        .containsExactly(
            new Effect.ReplyStatus(reply, taskId(1)), new Effect.Notify(taskId(1), TaskState.DONE));
  }

  @Test
  void cancelOfAnUnknownOrForeignTaskChangesNothing() {
    driver.run(1);
    ReplyTo unknown = driver.cancel(taskId(99));
    assertThat(driver.effects()).containsExactly(new Effect.ReplyStatus(unknown, taskId(99)));
    ReplyTo foreign = driver.reply();
    driver.handle(new Event.ClientCancel(foreign, "mallory", taskId(1)));
    assertThat(driver.effects()).containsExactly(new Effect.ReplyStatus(foreign, taskId(1)));
  }

  @Test
  void cancelWhileTheAttemptIsStoredNeverHandsTheRootOut() {
    TaskId task = driver.accept(1);
    driver.load(task);
    Effect.Persist start = driver.effect(Effect.Persist.class);
    driver.cancel(task);
    driver.commit(start);
    assertThat(driver.effects()).hasOnlyElementsOfType(Effect.Persist.class);
    driver.commit();
    assertThat(driver.effects(Effect.Send.class)).isEmpty();
  }

  @Test
  void cancelThatTheStoreCannotTakeIsAnsweredAndStillHappens() {
    driver.run(1);
    ReplyTo reply = driver.cancel(taskId(1));
    driver.handle(new Event.Refused(driver.effect(Effect.Persist.class).seq()));
    assertThat(driver.effect(Effect.ReplyFailure.class).to()).isEqualTo(reply);
    driver.pass(Duration.ofSeconds(1)).handle(new Event.TimerFired());
    driver.commit();
    assertThat(driver.effects()).contains(new Effect.Notify(taskId(1), TaskState.CANCELLED));
  }

  // handleLog and progress

  @Test
  void logLineAfterTheEndIsDroppedAndCounted() {
    RuntimeTask root = driver.run(1);
    driver.finish(root.id(), result(5));
    driver.receive(new Message.Log(root.id(), LogLevel.INFO, "test", "late"));
    assertThat(driver.effects()).isEmpty();
    assertThat(driver.server().dropped()).containsEntry(DropReason.LATE_LOG, 1L);
  }

  @Test
  void linesWrittenDuringACommitShareTheNext() {
    RuntimeTask root = driver.run(1);
    driver.receive(new Message.Log(root.id(), LogLevel.INFO, "test", "one"));
    Effect.Persist first = driver.effect(Effect.Persist.class);
    driver.receive(new Message.Log(root.id(), LogLevel.INFO, "test", "two"));
    driver.receive(new Message.Log(root.id(), LogLevel.INFO, "test", "three"));
    driver.commit(first);
    assertThat(driver.persisted().events()).extracting(TaskEvent::number).containsExactly(4L, 5L);
  }

  @Test
  void linesBeyondTheBoundAreDroppedBeforeTheyAreNumbered() {
    ServerDriver small =
        new ServerDriver(1, ServerSettings.builder().maxUnwrittenEvents(2).build());
    small.handle(new Event.DoorsOpened());
    small.connect(MANAGER, 1);
    RuntimeTask root = small.run(1);
    small.receive(new Message.Log(root.id(), LogLevel.INFO, "test", "one"));
    Effect.Persist first = small.effect(Effect.Persist.class);
    for (int i = 0; i < 5; i++) {
      small.receive(new Message.Log(root.id(), LogLevel.INFO, "test", "more"));
    }
    small.commit(first);
    assertThat(small.persisted().events()).extracting(TaskEvent::number).containsExactly(4L, 5L);
    assertThat(small.server().dropped()).containsEntry(DropReason.LOG_OVERFLOW, 3L);
  }

  @Test
  void progressIsWrittenForEachPassAndAtMostFiveTimesASecondWithin() {
    RuntimeTask root = driver.run(1);
    List<Progress> written = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Progress progress = new Progress(i < 10 ? "First" : "Second", i < 10 ? 1 : 2, 2, i, 20);
      driver.pass(Duration.ofMillis(50));
      driver.receive(new Message.ProgressMade(root.id(), progress));
      if (!driver.effects(Effect.Persist.class).isEmpty()) {
        written.add(progress);
        driver.commit();
      }
    }
    assertThat(written).extracting(Progress::blocksDone).containsExactly(0, 4, 8, 10, 14, 18);
  }

  // handleDisconnect

  @Test
  void tasksOfALostManagerRunAgainFirst() {
    RuntimeTask root = driver.run(1);
    driver.accept(2);
    driver.handle(new Event.LinkClosed(MANAGER));
    driver.connect(new LinkId(2), 1);
    assertThat(driver.effects(Effect.LoadSubmission.class))
        .containsExactly(new Effect.LoadSubmission(taskId(1)));
    driver.load(taskId(1));
    driver.commit();
    assertThat(driver.rootSent().id()).isNotEqualTo(root.id());
  }

  // Time limits

  @Test
  void taskThatIgnoresItsTimeLimitIsEndedAfterTheGrace() {
    driver.limitTime(Duration.ofSeconds(10));
    RuntimeTask root = driver.run(1);
    driver.pass(Duration.ofSeconds(39)).handle(new Event.TimerFired());
    assertThat(driver.effects(Effect.Persist.class)).isEmpty();
    driver.pass(Duration.ofSeconds(1)).handle(new Event.TimerFired());
    assertThat(driver.persisted().events().getLast().data())
        .isInstanceOfSatisfying(
            TaskEvent.StateChanged.class,
            changed ->
                assertThat(Objects.requireNonNull(changed.error()).code())
                    .isEqualTo(ErrorCode.TIME_LIMIT));
    driver.commit();
    assertThat(driver.sent(MANAGER))
        .containsExactly(new Message.Cancel(root.id().address(), root.id().attempt(), 1));
  }

  // handleSystemError

  @Test
  void messageThatMakesNoSenseIsDroppedAndCountedAndTheLoopGoesOn() {
    driver.receive(new Message.Connect(IdBlock.of(1, 1)));
    assertThat(driver.server().takeSystemErrors()).hasSize(1);
    assertThat(driver.server().dropped()).containsEntry(DropReason.SYSTEM_ERROR, 1L);
    RuntimeTask root = driver.run(1);
    assertThat(driver.finish(root.id(), result(1))).isNotEmpty();
  }

  @Test
  void readReceiptOfASubmitThatNeverWasIsDropped() {
    RuntimeTask root = driver.run(1);
    RuntimeTaskId forged = new RuntimeTaskId(root.id().address(), 99);
    driver.receive(new Message.Waiting(1, forged));
    assertThat(driver.server().takeSystemErrors()).hasSize(1);
    assertThat(driver.server().statistics().idleWorkers()).isZero();
  }

  // handleShutdown

  @Test
  void drainLetsRunningTasksFinishAndLeavesTheRestInTheStore() {
    RuntimeTask root = driver.run(1);
    driver.accept(2);
    driver.handle(new Event.DrainStarted(driver.now().plusSeconds(10)));
    assertThat(driver.answerTo(newTask(3, "alice"))).isEqualTo(new SubmitAnswer.Draining());
    driver.finish(root.id(), result(1));
    driver.commit();
    assertThat(driver.effects())
        .containsSubsequence(
            new Effect.Send(MANAGER, new Message.Shutdown()), new Effect.Stopped());
    assertThat(driver.effects(Effect.LoadSubmission.class)).isEmpty();
  }

  @Test
  void drainThatTakesTooLongStopsAnyway() {
    driver.run(1);
    driver.handle(new Event.DrainStarted(driver.now().plusSeconds(10)));
    assertThat(driver.effects(Effect.Stopped.class)).isEmpty();
    driver.pass(Duration.ofSeconds(10)).handle(new Event.TimerFired());
    assertThat(driver.effects(Effect.Stopped.class)).hasSize(1);
  }

  @Test
  void drainWithoutWorkStopsAtOnce() {
    driver.handle(new Event.DrainStarted(driver.now().plusSeconds(10)));
    assertThat(driver.effects()).contains(new Effect.Stopped());
  }

  @Test
  void submissionsOfQueuedTasksAreNotReadBeforeThereIsAWorker() {
    ServerDriver idle = new ServerDriver();
    idle.handle(new Event.DoorsOpened());
    for (long number = 1; number <= 1_000; number++) {
      idle.accept(number);
      assertThat(idle.effects(Effect.LoadSubmission.class)).isEmpty();
    }
    assertThat(idle.server().statistics().queued()).isEqualTo(1_000);
  }
}
