package io.quern.runtime;

import static io.quern.runtime.Fixtures.result;
import static io.quern.runtime.Fixtures.taskId;
import static io.quern.worker.WorkerDriver.child;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.Attempt;
import io.quern.task.CompilationTask;
import io.quern.task.TaskExplanation;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Managers that come back: after their link broke, after the server was started again, too late.
class ReattachmentTest {
  static final Duration GRACE = Duration.ofSeconds(3);
  private static final ServerSettings SETTINGS =
      ServerSettings.builder().retryDelay(Duration.ofSeconds(1)).reattachGrace(GRACE).build();
  private static final LinkId FIRST = ServerDriver.MANAGER;
  static final LinkId BACK = new LinkId(7);
  static final IdBlock IDS = IdBlock.of(1, 0);
  static final IdBlock OTHERS = IdBlock.of(1, 1);

  private static ServerDriver server(long epoch) {
    ServerDriver driver = new ServerDriver(epoch, SETTINGS);
    open(driver);
    return driver;
  }

  private static void open(ServerDriver driver) {
    driver.handle(new Event.DoorsOpened());
    driver.handle(new Event.ManagersMayJoin());
  }

  private static ServerDriver withManager() {
    ServerDriver driver = server(1);
    join(driver, FIRST);
    return driver;
  }

  private static void join(ServerDriver driver, LinkId manager) {
    driver.handle(new Event.NodeOpened(manager));
    driver.handle(new Event.Received(manager, new Message.Started(1)));
  }

  /// A later life of the server, whose store says that a task was running.
  static ServerDriver startedAgain(long epoch, Attempt attempt) {
    ServerDriver driver = new ServerDriver(epoch, SETTINGS);
    driver.handle(new Event.Recovered(running(attempt)));
    open(driver);
    return driver;
  }

  private static void finish(ServerDriver driver, LinkId manager, RuntimeTask root) {
    driver.handle(
        new Event.Received(
            manager, new Message.Result(root.id(), IDS.lower(), root.function(), result(1), 1)));
  }

  static void bring(
      ServerDriver driver,
      LinkId link,
      IdBlock ids,
      List<RuntimeTask> held,
      List<RuntimeTaskId> results) {
    driver.handle(new Event.NodeReturned(link));
    driver.handle(
        new Event.Received(link, new Message.Inventory(List.of(ids), held, Set.of(), results)));
  }

  static List<RuntimeTaskId> dropped(ServerDriver driver, LinkId link) {
    return driver.sent(link).stream()
        .filter(Message.Attached.class::isInstance)
        .map(each -> ((Message.Attached) each).dropped())
        .findFirst()
        .orElseThrow();
  }

  private static CompilationTask running(Attempt attempt) {
    return CompilationTask.queued(
            taskId(1), "alice", Fixtures.submission(), Fixtures.NOTHING, new ServerDriver().now())
        .change()
        .state(TaskState.RUNNING)
        .attempt(attempt)
        .lastEvent(3)
        .made();
  }

  @Test
  void managerThatComesBackInTimeKeepsItsTaskAndNothingIsSentAgain() {
    ServerDriver driver = withManager();
    RuntimeTask root = driver.run(1);
    driver.handle(new Event.LinkCut(FIRST));
    bring(driver, BACK, IDS, List.of(root), List.of());
    assertThat(dropped(driver, BACK)).isEmpty();
    driver.handle(new Event.Received(BACK, new Message.Started(2)));
    assertThat(driver.sent(BACK)).noneMatch(Message.Submit.class::isInstance);
    driver.pass(GRACE.multipliedBy(2)).handle(new Event.TimerFired());
    assertThat(driver.effects(Effect.LoadSubmission.class)).isEmpty();
    finish(driver, BACK, root);
    assertThat(driver.persisted()).isInstanceOf(TaskRecord.Ended.class);
  }

  @Test
  void whoComesBackHearsWhatItHasMissedAndSaysWhatItsChildrenWereTold() {
    LinkId other = new LinkId(2);
    LinkId firstAgain = new LinkId(8);
    ServerDriver driver = withManager();
    RuntimeTask root = driver.run(1);
    driver.handle(new Event.NodeOpened(other));
    driver.handle(new Event.Received(other, new Message.Started(1)));
    RuntimeTask child = child(root, IDS.lower(), 5, 0);
    driver.receive(new Message.Submit(child));
    assertThat(driver.sent(other)).containsExactly(new Message.Submit(child));

    driver.handle(new Event.LinkCut(other));
    driver.receive(said(1));
    assertThat(driver.effects()).as("nobody is there to hear it").isEmpty();
    bring(driver, BACK, OTHERS, List.of(child), List.of());
    assertThat(driver.sent(BACK)).contains(said(1));
    driver.handle(new Event.Received(BACK, new Message.Started(1)));

    driver.handle(new Event.LinkCut(FIRST));
    bring(driver, firstAgain, IDS, List.of(root), List.of());
    RuntimeTask asItIsThere = child.told(said(1)).told(said(2));
    driver.handle(new Event.Received(firstAgain, new Message.OpenSubmits(List.of(asItIsThere))));
    assertThat(driver.sent(BACK)).containsExactly(said(2));
  }

  private static Message.Communicate said(int number) {
    return new Message.Communicate(
        new RuntimeAddress(IDS.lower(), 5, RuntimeAddress.ALL_SLOTS),
        ServerDriver.ROOT,
        number,
        "hint " + number);
  }

  @Test
  void whatAManagerNeverGotIsBegunAgain() {
    ServerDriver driver = withManager();
    driver.run(1);
    driver.handle(new Event.LinkCut(FIRST));
    bring(driver, BACK, IDS, List.of(), List.of());
    assertThat(driver.effects(Effect.LoadSubmission.class)).hasSize(1);
  }

  @Test
  void graceCountsFromWhenTheManagerWasLastHeard() {
    ServerDriver driver = withManager();
    driver.run(1);
    driver.handle(new Event.LinkCut(FIRST, GRACE.minusMillis(10)));
    driver.connect(new LinkId(2), 1);
    assertThat(driver.effects(Effect.LoadSubmission.class)).isEmpty();
    driver.pass(Duration.ofMillis(11)).handle(new Event.TimerFired());
    assertThat(driver.effects(Effect.LoadSubmission.class)).hasSize(1);
  }

  @Test
  void managerThatWasSilentForTheWholeGraceHasNoneLeftWhenItsLinkBreaks() {
    ServerDriver driver = withManager();
    driver.run(1);
    driver.connect(new LinkId(2), 1);
    driver.handle(new Event.LinkCut(FIRST, GRACE));
    assertThat(driver.effects(Effect.LoadSubmission.class)).hasSize(1);
  }

  @Test
  void managerThatDoesNotComeBackLosesItsTask() {
    ServerDriver driver = withManager();
    driver.run(1);
    driver.handle(new Event.LinkCut(FIRST));
    driver.pass(GRACE.minusMillis(1)).handle(new Event.TimerFired());
    driver.connect(new LinkId(2), 1);
    assertThat(driver.effects(Effect.LoadSubmission.class)).isEmpty();
    driver.pass(Duration.ofMillis(2)).handle(new Event.TimerFired());
    assertThat(driver.effects(Effect.LoadSubmission.class)).hasSize(1);
  }

  @Test
  void lateResultOfAManagerThatWasTakenForDeadIsDroppedAndAcknowledged() {
    ServerDriver driver = withManager();
    RuntimeTask root = driver.run(1);
    driver.handle(new Event.LinkClosed(FIRST));
    driver.connect(new LinkId(2), 1);
    driver.load(driver.effect(Effect.LoadSubmission.class).task());
    driver.commit();
    bring(driver, BACK, IDS, List.of(root), List.of(root.id()));
    assertThat(dropped(driver, BACK)).containsExactly(root.id());
    finish(driver, BACK, root);
    assertThat(driver.sent(BACK)).containsExactly(new Message.Taken(1));
    assertThat(driver.server().dropped()).containsEntry(DropReason.LATE_RESULT, 1L);
  }

  @Test
  void rootsResultIsAcknowledgedWhenTheEndIsDurable() {
    ServerDriver driver = withManager();
    RuntimeTask root = driver.run(1);
    finish(driver, FIRST, root);
    Effect.Persist end = driver.effect(Effect.Persist.class);
    assertThat(driver.sent(FIRST)).isEmpty();
    driver.answer(end, new Outcome.Committed());
    assertThat(driver.sent(FIRST)).contains(new Message.Taken(1));
  }

  @Test
  void resultForAnotherManagerIsAcknowledgedWhenThatHasIt() {
    ServerDriver driver = withManager();
    RuntimeTask root = driver.run(1);
    LinkId second = new LinkId(2);
    join(driver, second);
    RuntimeTask lent = child(root, IDS.lower(), 5, 0);
    driver.handle(new Event.Received(FIRST, new Message.SubmitBatch(List.of(lent))));
    assertThat(driver.sent(second)).containsExactly(new Message.Submit(lent));
    Message.Result value = new Message.Result(lent.id(), OTHERS.lower(), lent.function(), 9L, 1);
    driver.handle(new Event.Received(second, value));
    assertThat(driver.sent(FIRST)).containsExactly(value);
    assertThat(driver.sent(second)).isEmpty();
    driver.handle(new Event.Received(FIRST, new Message.Taken(1)));
    assertThat(driver.sent(second)).containsExactly(new Message.Taken(1));
  }

  @Test
  void resultForAManagerThatIsGoneIsAcknowledgedToWhoSentIt() {
    ServerDriver driver = withManager();
    RuntimeTask root = driver.run(1);
    LinkId second = new LinkId(2);
    join(driver, second);
    RuntimeTask lent = child(root, IDS.lower(), 5, 0);
    driver.handle(new Event.Received(FIRST, new Message.SubmitBatch(List.of(lent))));
    driver.handle(
        new Event.Received(
            second, new Message.Result(lent.id(), OTHERS.lower(), lent.function(), 9L, 1)));
    driver.handle(new Event.LinkClosed(FIRST));
    assertThat(driver.sent(second)).contains(new Message.Taken(1));
  }

  @Test
  void resultsThatAManagerHasNotAcknowledgedAreSentAgainWhenItComesBack() {
    ServerDriver driver = withManager();
    LinkId second = new LinkId(2);
    RuntimeTask root = driver.run(1);
    join(driver, second);
    List<RuntimeTask> lent = lendTwo(driver, root);
    Message.Result one = resultOf(lent.getFirst(), 1);
    Message.Result two = resultOf(lent.getLast(), 2);
    driver.handle(new Event.Received(second, one));
    driver.handle(new Event.LinkCut(FIRST));
    driver.handle(new Event.Received(second, two));
    assertThat(driver.effects()).as("who awaits it is away").isEmpty();
    bring(driver, BACK, IDS, List.of(root), List.of());
    assertThat(driver.sent(BACK)).containsSubsequence(one, two);
    driver.handle(new Event.Received(BACK, new Message.Taken(2)));
    assertThat(driver.sent(second)).containsExactly(new Message.Taken(2));
  }

  @Test
  void resultsThatAreSentAgainOnANewLinkArePassedOnOnceAndAcknowledgedThere() {
    ServerDriver driver = withManager();
    LinkId second = new LinkId(2);
    RuntimeTask root = driver.run(1);
    join(driver, second);
    List<RuntimeTask> lent = lendTwo(driver, root);
    lent.forEach(each -> driver.handle(new Event.Received(second, resultOf(each, 1))));
    driver.handle(new Event.LinkCut(second));
    bring(driver, BACK, OTHERS, lent, lent.stream().map(RuntimeTask::id).toList());
    assertThat(dropped(driver, BACK)).hasSize(2);
    for (RuntimeTask each : lent) {
      driver.handle(new Event.Received(BACK, resultOf(each, 1)));
      assertThat(driver.effects()).isEmpty();
    }
    assertThat(driver.server().dropped()).isEmpty();
    driver.handle(new Event.Received(FIRST, new Message.Taken(2)));
    assertThat(driver.sent(BACK)).containsExactly(new Message.Taken(2));
  }

  /// The first manager's task has two children, which go to the other.
  private static List<RuntimeTask> lendTwo(ServerDriver driver, RuntimeTask root) {
    List<RuntimeTask> lent =
        List.of(child(root, IDS.lower(), 5, 0), child(root, IDS.lower(), 5, 1));
    for (RuntimeTask each : lent) {
      driver.handle(new Event.Received(FIRST, new Message.Submit(each)));
    }
    return lent;
  }

  private static Message.Result resultOf(RuntimeTask task, Object value) {
    return new Message.Result(task.id(), OTHERS.lower(), task.function(), value, 1);
  }

  @Test
  void taskThatAwaitsOthersStillDoesWhenItsManagerComesBack() {
    ServerDriver same = withManager();
    RuntimeTask root = same.run(1);
    same.handle(new Event.LinkCut(FIRST));
    for (ServerDriver driver : List.of(same, startedAgain(2, new Attempt(1, 1)))) {
      driver.handle(new Event.NodeReturned(BACK));
      driver.handle(
          new Event.Received(
              BACK,
              new Message.Inventory(List.of(IDS), List.of(root), Set.of(root.id()), List.of())));
      assertThat(dropped(driver, BACK)).isEmpty();
      driver.handle(new Event.ClientExplain(driver.reply(), taskId(1)));
      assertThat(driver.effect(Effect.ReplyExplanation.class).explanation())
          .isNotNull()
          .extracting(TaskExplanation::reason)
          .isEqualTo(TaskExplanation.Reason.AWAITING);
    }
  }

  @Test
  void whatComesOverALinkThatANewerOneHasReplacedIsDropped() {
    ServerDriver driver = withManager();
    RuntimeTask root = driver.run(1);
    bring(driver, BACK, IDS, List.of(root), List.of());
    finish(driver, FIRST, root);
    assertThat(driver.effects()).isEmpty();
    assertThat(driver.server().takeSystemErrors()).isEmpty();
    finish(driver, BACK, root);
    assertThat(driver.persisted()).isInstanceOf(TaskRecord.Ended.class);
  }

  @Test
  void startedAgainTheServerTakesBackWhatRuns() {
    ServerDriver first = withManager();
    RuntimeTask root = first.run(1);
    ServerDriver second = startedAgain(2, new Attempt(1, 1));
    second.connect(new LinkId(2), 1);
    assertThat(second.effects(Effect.LoadSubmission.class)).isEmpty();
    bring(second, BACK, IDS, List.of(root), List.of(root.id()));
    assertThat(dropped(second, BACK)).isEmpty();
    finish(second, BACK, root);
    assertThat(second.persisted()).isInstanceOf(TaskRecord.Ended.class);
  }

  @Test
  void startedAgainTheServerRunsAnewWhatNobodyBringsInTime() {
    ServerDriver driver = startedAgain(2, new Attempt(1, 1));
    driver.connect(new LinkId(2), 1);
    assertThat(driver.effects(Effect.LoadSubmission.class)).isEmpty();
    driver.pass(GRACE).handle(new Event.TimerFired());
    assertThat(driver.effect(Effect.LoadSubmission.class).task()).isEqualTo(taskId(1));
  }

  @Test
  void theGraceBeginsWhenManagersCanJoinHoweverLongTheStartTook() {
    ServerDriver driver = new ServerDriver(2, SETTINGS);
    driver.handle(new Event.Recovered(running(new Attempt(1, 1))));
    driver.handle(new Event.DoorsOpened());
    driver.connect(new LinkId(2), 1);
    driver.pass(GRACE.multipliedBy(3)).handle(new Event.TimerFired());
    driver.handle(new Event.ManagersMayJoin());
    driver.pass(GRACE.minusMillis(1)).handle(new Event.TimerFired());
    assertThat(driver.effects(Effect.LoadSubmission.class)).isEmpty();

    // Another way to join has opened.
    driver.handle(new Event.ManagersMayJoin());
    driver.pass(GRACE.minusMillis(1)).handle(new Event.TimerFired());
    assertThat(driver.effects(Effect.LoadSubmission.class)).isEmpty();
    driver.pass(Duration.ofMillis(1)).handle(new Event.TimerFired());
    assertThat(driver.effect(Effect.LoadSubmission.class).task()).isEqualTo(taskId(1));

    // Too late: it runs.
    driver.handle(new Event.ManagersMayJoin());
    driver.pass(GRACE).handle(new Event.TimerFired());
    assertThat(driver.effects(Effect.LoadSubmission.class)).isEmpty();
  }

  @Test
  void managerThatIsBackAndHasYetToSayWhatItWantsHearsOfACancel() {
    RuntimeTask root = withManager().run(1);
    ServerDriver driver = startedAgain(2, new Attempt(1, 1));
    bring(driver, BACK, IDS, List.of(root), List.of());
    driver.cancel(taskId(1));
    driver.commit();
    assertThat(driver.sent(BACK))
        .containsExactly(new Message.Cancel(root.id().address(), root.id().attempt(), 1));
  }

  @Test
  void attemptThatIsNotTheStoredOneIsDropped() {
    RuntimeTask root = withManager().run(1);
    ServerDriver driver = startedAgain(3, new Attempt(2, 2));
    bring(driver, BACK, IDS, List.of(root), List.of());
    assertThat(dropped(driver, BACK)).containsExactly(root.id());
  }

  @Test
  void taskOfOneManagerGoesOnAtAnotherInWhateverOrderTheyComeBack() {
    ServerDriver first = withManager();
    RuntimeTask root = first.run(1);
    RuntimeTask lent = child(root, IDS.lower(), 5, 0);
    for (boolean isHolderFirst : new boolean[] {true, false}) {
      ServerDriver second = startedAgain(2, new Attempt(1, 1));
      if (isHolderFirst) {
        bring(second, BACK, OTHERS, List.of(lent), List.of());
        assertThat(dropped(second, BACK)).isEmpty();
      }
      LinkId submitter = new LinkId(8);
      bring(second, submitter, IDS, List.of(root), List.of());
      second.handle(new Event.Received(submitter, new Message.Started(2)));
      second.handle(new Event.Received(submitter, new Message.OpenSubmits(List.of(lent))));
      assertThat(second.effects()).isEmpty();
      if (!isHolderFirst) {
        bring(second, BACK, OTHERS, List.of(lent), List.of());
        assertThat(dropped(second, BACK)).isEmpty();
      }
      second.pass(GRACE).handle(new Event.TimerFired());
      assertThat(second.effects(Effect.Send.class)).isEmpty();
      Message.Result value = new Message.Result(lent.id(), OTHERS.lower(), lent.function(), 9L, 1);
      second.handle(new Event.Received(BACK, value));
      assertThat(second.sent(submitter)).containsExactly(value);
    }
  }

  @Test
  void taskThatNobodyBringsRunsUnderAnAttemptNoEarlierLifeHasUsed() {
    RuntimeTask root = withManager().run(1);
    RuntimeTask lent = child(root, IDS.lower(), 5, 0);
    ServerDriver driver = startedAgain(2, new Attempt(1, 1));
    bring(driver, BACK, IDS, List.of(root), List.of());
    driver.handle(new Event.Received(BACK, new Message.Started(2)));
    driver.handle(new Event.Received(BACK, new Message.Waiting(1, null)));
    driver.handle(new Event.Received(BACK, new Message.OpenSubmits(List.of(lent))));
    driver.pass(GRACE).handle(new Event.TimerFired());
    assertThat(driver.rootSent().id())
        .isEqualTo(new RuntimeTaskId(lent.id().address(), 2 * 16_384 + 8));
  }

  /// Another manager, which does not come back, may have had it run again in the life before.
  @Test
  void taskThatIsBroughtAndThenLostRunsUnderAnAttemptNoEarlierLifeHasUsed() {
    RuntimeTask root = withManager().run(1);
    RuntimeTask lent = child(root, IDS.lower(), 5, 0);
    ServerDriver driver = startedAgain(2, new Attempt(1, 1));
    LinkId submitter = new LinkId(8);
    bring(driver, submitter, IDS, List.of(root), List.of());
    driver.handle(new Event.Received(submitter, new Message.Started(2)));
    driver.handle(new Event.Received(submitter, new Message.Waiting(1, null)));
    driver.handle(new Event.Received(submitter, new Message.OpenSubmits(List.of(lent))));
    bring(driver, BACK, OTHERS, List.of(lent), List.of());
    assertThat(dropped(driver, BACK)).isEmpty();
    driver.handle(new Event.LinkClosed(BACK));
    assertThat(driver.rootSent().id())
        .isEqualTo(new RuntimeTaskId(lent.id().address(), 2 * 16_384 + 8));
  }

  @Test
  void whatRunsForNobodyAnyMoreIsCancelled() {
    ServerDriver driver = withManager();
    RuntimeTask root = driver.run(1);
    LinkId second = new LinkId(2);
    join(driver, second);
    RuntimeTask lent = child(root, IDS.lower(), 5, 0);
    driver.handle(new Event.Received(FIRST, new Message.SubmitBatch(List.of(lent))));
    driver.handle(new Event.LinkCut(FIRST));
    bring(driver, BACK, IDS, List.of(root), List.of());
    driver.handle(new Event.Received(BACK, new Message.OpenSubmits(List.of())));
    assertThat(driver.sent(second))
        .hasSize(1)
        .first()
        .isInstanceOfSatisfying(
            Message.Cancel.class, cancel -> assertThat(cancel.covers(lent.id())).isTrue());
  }

  @Test
  void whoHasIdsOfAnotherStoreIsToldToBeginAnew() {
    ServerDriver driver = server(1);
    bring(driver, BACK, IdBlock.of(9, 0), List.of(), List.of());
    assertThat(driver.sent(BACK)).containsExactly(new Message.Shutdown());
  }
}
