package io.quern.worker;

import static io.quern.worker.WorkerDriver.ID;
import static io.quern.worker.WorkerDriver.child;
import static io.quern.worker.WorkerDriver.root;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The worker's core event by event.
class WorkerTest {
  private static final RuntimeTask HINTED = root(1);

  private final WorkerDriver driver = new WorkerDriver();

  @Test
  void workerAnswersItsIdsWithItsOneSlot() {
    assertThat(driver.sent()).containsExactly(new Message.Started(1));
    assertThat(driver.worker().id()).isEqualTo(ID);
  }

  @Test
  void tasksOfABatchGoToTheSlotInTheirOrder() {
    RuntimeTask first = root(1);
    RuntimeTask second = root(2);
    driver.fromBoss(new Message.SubmitBatch(List.of(first, second)));
    assertThat(driver.effects())
        .containsExactly(new WorkerEffect.Execute(first), new WorkerEffect.Execute(second));
  }

  @Test
  void idleWorkerSaysSoWithTheReceiptOfTheNewestSubmit() {
    RuntimeTask first = root(1);
    RuntimeTask second = root(2);
    driver.fromBoss(new Message.SubmitBatch(List.of(first, second)));
    driver.handle(new WorkerEvent.Returned(first.id(), "one", 10));
    assertThat(driver.sent())
        .containsExactly(new Message.Result(first.id(), ID, first.function(), "one", 10));
    driver.handle(new WorkerEvent.Returned(second.id(), "two", 20));
    assertThat(driver.sent())
        .containsExactly(
            new Message.Result(second.id(), ID, second.function(), "two", 20),
            new Message.Waiting(1, first.id()));
  }

  @Test
  void recalledTasksThatWereNotBegunGoBackAndTheOthersStay() {
    RuntimeTask first = root(1);
    RuntimeTask second = root(2);
    RuntimeTask third = root(3);
    driver.fromBoss(new Message.SubmitBatch(List.of(first, second, third)));
    driver.fromBoss(new Message.Recall(List.of(first.id(), second.id(), root(4).id())));
    assertThat(driver.effects())
        .containsExactly(new WorkerEffect.Recall(List.of(first.id(), second.id())));
    driver.handle(new WorkerEvent.Recalled(List.of(second.id())));
    assertThat(driver.sent()).containsExactly(new Message.Recalled(List.of(second.id())));
    driver.handle(new WorkerEvent.Returned(first.id(), "one", 10));
    driver.handle(new WorkerEvent.Returned(third.id(), "three", 10));
    assertThat(driver.sent()).contains(new Message.Waiting(1, first.id()));
    assertThat(driver.worker().numTasks()).isZero();
  }

  @Test
  void whatATaskTellsItsChildrenGoesUpWhileItMayStillHaveResultsOfThem() {
    RuntimeTask parent = driver.parent(5, 1);
    Message.Communicate first = said(ID, 5, 1);
    driver.handle(new WorkerEvent.Communicated(parent.id(), first));
    assertThat(driver.sent()).containsExactly(first);
    driver.awaiting(parent, 5);
    driver.result(child(parent, ID, 5, 0), "a");
    driver.handle(new WorkerEvent.Communicated(parent.id(), said(ID, 5, 2)));
    assertThat(driver.sent()).isEmpty();
  }

  @Test
  void whatIsSaidIsHeardOnceByThoseItIsSaidTo() {
    RuntimeTask parent = root(1);
    RuntimeTask knowing = child(parent, 9, 5, 0).told(said(9, 5, 1));
    RuntimeTask other = child(parent, 9, 6, 0);
    driver.fromBoss(new Message.SubmitBatch(List.of(knowing, child(parent, 9, 5, 1), other)));
    driver.fromBoss(said(9, 5, 1));
    assertThat(driver.effects())
        .as("one has it with its task")
        .containsExactly(new WorkerEffect.Tell(child(parent, 9, 5, 1).id(), said(9, 5, 1)));
    driver.fromBoss(said(9, 5, 2));
    assertThat(driver.effects()).hasSize(2);
    driver.fromBoss(said(9, 5, 2));
    assertThat(driver.effects()).isEmpty();
  }

  private static Message.Communicate said(long worker, long mailbox, int number) {
    return new Message.Communicate(
        new RuntimeAddress(worker, mailbox, RuntimeAddress.ALL_SLOTS),
        HINTED.function(),
        number,
        "hint " + number);
  }

  @Test
  void aTaskThatWentBackIsNoReceiptForItMayComeAgain() {
    RuntimeTask task = root(1);
    driver.fromBoss(new Message.Submit(task));
    driver.fromBoss(new Message.Recall(List.of(task.id())));
    driver.handle(new WorkerEvent.Recalled(List.of(task.id())));
    assertThat(driver.sent())
        .containsExactly(new Message.Recalled(List.of(task.id())), new Message.Waiting(1, null));
  }

  @Test
  void awaitingGivesTheSlotBackAndTheLastResultTakesItAgain() {
    RuntimeTask parent = driver.parent(5, 2);
    driver.awaiting(parent, 5);
    assertThat(driver.sent())
        .containsExactly(new Message.Update(parent.id(), -1), new Message.Waiting(1, parent.id()));
    driver.result(child(parent, ID, 5, 1), "b");
    assertThat(driver.effects()).isEmpty();
    driver.result(child(parent, ID, 5, 0), "a");
    assertThat(driver.effects())
        .containsExactly(
            new WorkerEffect.SendUp(new Message.Update(parent.id(), 1)),
            new WorkerEffect.Resume(parent.id(), new Delivery.All(List.of("a", "b"))));
  }

  @Test
  void workerThatWokeATaskSaysAgainWhenItIsIdle() {
    RuntimeTask parent = driver.parent(5, 1);
    driver.awaiting(parent, 5);
    driver.result(child(parent, ID, 5, 0), "a");
    assertThat(driver.sent()).containsExactly(new Message.Update(parent.id(), 1));
    driver.threw(parent);
    assertThat(driver.sent()).endsWith(new Message.Waiting(1, parent.id()));
  }

  @Test
  void resultsThatAreThereKeepTheSlot() {
    RuntimeTask parent = driver.parent(5, 1);
    driver.result(child(parent, ID, 5, 0), "a");
    driver.awaiting(parent, 5);
    assertThat(driver.effects())
        .containsExactly(new WorkerEffect.Resume(parent.id(), new Delivery.All(List.of("a"))));
  }

  @Test
  void secondResultForASlotIsDropped() {
    RuntimeTask parent = driver.parent(5, 2);
    driver.result(child(parent, ID, 5, 0), "a");
    driver.result(child(parent, ID, 5, 0), "again");
    assertThat(driver.worker().dropped()).isEqualTo(1);
    driver.result(child(parent, ID, 5, 1), "b");
    driver.awaiting(parent, 5);
    assertThat(driver.effects())
        .contains(new WorkerEffect.Resume(parent.id(), new Delivery.All(List.of("a", "b"))));
  }

  @Test
  void nextWakesOnAnyResultAndDeliversEachOnce() {
    RuntimeTask parent = driver.parent(5, 3);
    driver.handle(new WorkerEvent.Awaiting(parent.id(), 5, true));
    driver.result(child(parent, ID, 5, 2), "c");
    assertThat(driver.effects())
        .contains(
            new WorkerEffect.Resume(
                parent.id(), new Delivery.Some(List.of(new Delivery.Item(2, "c")))));
    driver.result(child(parent, ID, 5, 1), "b");
    driver.result(child(parent, ID, 5, 0), "a");
    driver.handle(new WorkerEvent.Awaiting(parent.id(), 5, true));
    assertThat(driver.effects())
        .containsExactly(
            new WorkerEffect.Resume(
                parent.id(),
                new Delivery.Some(List.of(new Delivery.Item(1, "b"), new Delivery.Item(0, "a")))));
  }

  @Test
  void failureOfAChildWakesItsParentAtOnce() {
    RuntimeTask parent = driver.parent(5, 2);
    driver.awaiting(parent, 5);
    driver.failure(child(parent, ID, 5, 1));
    assertThat(driver.effects().getLast())
        .isInstanceOfSatisfying(
            WorkerEffect.Resume.class,
            resume ->
                assertThat(resume.delivery())
                    .isInstanceOfSatisfying(
                        Delivery.Failed.class, failed -> assertThat(failed.slot()).isOne()));
  }

  @Test
  void endOfATaskCancelsChildrenThatAreStillOut() {
    RuntimeTask parent = driver.parent(5, 2);
    driver.result(child(parent, ID, 5, 0), "a");
    driver.handle(new WorkerEvent.Returned(parent.id(), "done", 10));
    assertThat(driver.sent())
        .contains(
            new Message.Cancel(
                new RuntimeAddress(ID, 5, RuntimeAddress.ALL_SLOTS), Integer.MAX_VALUE, 1));
    driver.result(child(parent, ID, 5, 1), "late");
    assertThat(driver.worker().dropped()).isEqualTo(1);
  }

  @Test
  void cancelInterruptsTheTaskAndItsDescendantsAndIsAcknowledged() {
    RuntimeTask parent = driver.parent(5, 1);
    RuntimeTask grandchild = child(child(parent, 99, 1, 0), 99, 2, 0);
    RuntimeTask other = root(6);
    driver.fromBoss(new Message.SubmitBatch(List.of(grandchild, other)));
    driver.cancel(parent, 3);
    assertThat(driver.effects())
        .containsExactly(
            new WorkerEffect.Interrupt(parent.id()),
            new WorkerEffect.Interrupt(grandchild.id()),
            new WorkerEffect.SendUp(new Message.Ack(3)));
  }

  @Test
  void cancelOfAnEarlierAttemptLeavesTheLaterAlone() {
    RuntimeTask first = root(1);
    RuntimeTask second =
        new RuntimeTask(
            new io.quern.protocol.RuntimeTaskId(first.id().address(), 2),
            first.breadcrumbs(),
            first.compilation(),
            first.function(),
            first.argument());
    driver.fromBoss(new Message.Submit(second));
    driver.cancel(first, 1);
    assertThat(driver.effects()).containsExactly(new WorkerEffect.SendUp(new Message.Ack(1)));
  }

  @Test
  void answerOfACancelledTaskIsNotSent() {
    RuntimeTask task = root(1);
    driver.fromBoss(new Message.Submit(task));
    driver.cancel(task, 1);
    driver.handle(new WorkerEvent.Returned(task.id(), "late", 10));
    assertThat(driver.sent()).containsExactly(new Message.Waiting(1, task.id()));
    assertThat(driver.worker().numTasks()).isZero();
  }

  @Test
  void cancelledTaskHoldsTheSlotUntilItNotices() {
    RuntimeTask task = root(1);
    driver.fromBoss(new Message.Submit(task));
    driver.cancel(task, 1);
    assertThat(driver.sent()).doesNotHaveAnyElementsOfTypes(Message.Waiting.class);
    driver.handle(new WorkerEvent.Unwound(task.id()));
    assertThat(driver.sent()).containsExactly(new Message.Waiting(1, task.id()));
  }

  @Test
  void childrenOfACancelledTaskAreNotSent() {
    RuntimeTask task = root(1);
    driver.fromBoss(new Message.Submit(task));
    driver.cancel(task, 1);
    driver.handle(new WorkerEvent.Spawned(task.id(), 9, List.of(child(task, ID, 9, 0))));
    assertThat(driver.sent()).isEmpty();
  }

  @Test
  void cancelOfAFutureEndsItsChildrenOnce() {
    RuntimeTask parent = driver.parent(5, 2);
    driver.handle(new WorkerEvent.CancelAsked(parent.id(), 5));
    assertThat(driver.sent()).hasOnlyElementsOfType(Message.Cancel.class).hasSize(1);
    driver.handle(new WorkerEvent.CancelAsked(parent.id(), 5));
    assertThat(driver.effects()).isEmpty();
  }

  @Test
  void taskThatGivesUpAwaitingFails() {
    RuntimeTask parent = driver.parent(5, 1);
    driver.awaiting(parent, 5);
    driver.threw(parent);
    assertThat(driver.sent()).hasAtLeastOneElementOfType(Message.Error.class);
    assertThat(driver.worker().numTasks()).isZero();
  }

  @Test
  void awaitingAnEmptiedMailboxFailsInsteadOfWaitingForEver() {
    RuntimeTask parent = driver.parent(5, 1);
    driver.result(child(parent, ID, 5, 0), "a");
    driver.awaiting(parent, 5);
    driver.awaiting(parent, 5);
    assertThat(driver.effects().getLast())
        .isInstanceOfSatisfying(
            WorkerEffect.Resume.class,
            resume -> assertThat(resume.delivery()).isInstanceOf(Delivery.Failed.class));
  }

  @Test
  void shutdownInterruptsEverything() {
    RuntimeTask task = root(1);
    driver.fromBoss(new Message.Submit(task));
    driver.fromBoss(new Message.Shutdown());
    assertThat(driver.effects()).containsExactly(new WorkerEffect.Interrupt(task.id()));
  }

  @Test
  void messageForABossIsRefused() {
    assertThatThrownBy(() -> driver.fromBoss(new Message.Started(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Started");
  }
}
