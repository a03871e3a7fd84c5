package io.quern.bqskit;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.bqskit.wire.FromClient;
import io.quern.bqskit.wire.FromManager;
import io.quern.bqskit.wire.ToClient;
import io.quern.bqskit.wire.ToClient.CompilationStatus;
import io.quern.bqskit.wire.ToManager;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireTask;
import io.quern.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClientRulesTest {
  private final BqskitHarness quern = new BqskitHarness();

  @Test
  void connectIsAnsweredByReady() {
    assertThat(quern.heard(quern.client())).containsExactly(new ToClient.Ready());
  }

  /// Its tasks would be told to be stored before the database refuses them.
  @Test
  void clientWithMoreImportPathsThanCanBeStoredIsTurnedAway() {
    long client = 77;
    quern.tell(new BqskitEvent.ClientConnected(client));
    quern.say(client, new FromClient.Connect(List.of("/home/" + "x".repeat(200_000))));
    assertThat(quern.closed).containsExactly(client);
    assertThat(quern.heard(client)).isEmpty();
  }

  @Test
  void resultGoesToWhoRequestsIt() {
    long manager = quern.manager(1);
    long client = quern.client();
    UUID id = quern.submit(client, "circuit");
    WireTask root = quern.tasksOf(manager).getFirst();
    assertThat(PlainPython.text(root.value())).isEqualTo("circuit");

    quern.say(client, new FromClient.Request(id));
    assertThat(quern.lastHeard(client)).isEqualTo(new ToClient.Ready());
    quern.finish(manager, root, "result");

    assertThat(quern.lastHeard(client)).isEqualTo(new ToClient.Result(PlainPython.value("result")));
    assertThat(quern.row(id).state).isEqualTo(TaskState.DONE);
  }

  @Test
  void resultCanBeFetchedAgainByAnyConnectionAndAfterARestart() {
    long manager = quern.manager(1);
    UUID id = quern.submit(quern.client(), "circuit");
    quern.finish(manager, quern.tasksOf(manager).getFirst(), "result");
    ToClient expected = new ToClient.Result(PlainPython.value("result"));

    long other = quern.client();
    quern.say(other, new FromClient.Request(id));
    quern.say(other, new FromClient.Request(id));
    assertThat(quern.heard(other)).endsWith(expected, expected);

    quern.restart();
    long later = quern.client();
    quern.say(later, new FromClient.Request(id));
    assertThat(quern.lastHeard(later)).isEqualTo(expected);
  }

  @Test
  void statusIsUnknownRunningOrDone() {
    long client = quern.client();
    UUID id = quern.submit(client, "circuit");
    quern.say(client, new FromClient.Status(id));
    assertThat(quern.lastHeard(client)).isEqualTo(status(CompilationStatus.RUNNING));

    long manager = quern.manager(1);
    quern.say(client, new FromClient.Status(id));
    assertThat(quern.lastHeard(client)).isEqualTo(status(CompilationStatus.RUNNING));

    quern.finish(manager, quern.tasksOf(manager).getFirst(), "result");
    quern.say(client, new FromClient.Status(id));
    assertThat(quern.lastHeard(client)).isEqualTo(status(CompilationStatus.DONE));

    quern.say(client, new FromClient.Status(new UUID(9, 9)));
    assertThat(quern.lastHeard(client)).isEqualTo(status(CompilationStatus.UNKNOWN));
  }

  @Test
  void statusOfACancelledTaskIsUnknownAlsoAfterARestart() {
    long client = quern.client();
    UUID id = quern.submit(client, "circuit");
    quern.say(client, new FromClient.Cancel(id));
    assertThat(quern.lastHeard(client)).isEqualTo(new ToClient.Cancel());
    quern.say(client, new FromClient.Status(id));
    assertThat(quern.lastHeard(client)).isEqualTo(status(CompilationStatus.UNKNOWN));

    quern.restart();
    long later = quern.client();
    quern.say(later, new FromClient.Status(id));
    assertThat(quern.lastHeard(later)).isEqualTo(status(CompilationStatus.UNKNOWN));
  }

  @Test
  void cancelIsAlwaysAnsweredAndReachesTheManagers() {
    long manager = quern.manager(1);
    long client = quern.client();
    UUID id = quern.submit(client, "circuit");
    WireTask root = quern.tasksOf(manager).getFirst();

    quern.say(client, new FromClient.Cancel(id));
    quern.say(client, new FromClient.Cancel(id));
    quern.say(client, new FromClient.Cancel(new UUID(9, 9)));

    assertThat(quern.heard(client))
        .endsWith(new ToClient.Cancel(), new ToClient.Cancel(), new ToClient.Cancel());
    assertThat(quern.cancelsOf(manager)).containsExactly(root.address());
    assertThat(quern.row(id).state).isEqualTo(TaskState.CANCELLED);

    quern.finish(manager, root, "too late");
    assertThat(quern.row(id).result).isNull();
  }

  @Test
  void requestOfAnUnknownTaskIsAnErrorThatNamesItAndNothingElse() {
    long client = quern.client();
    UUID unknown = new UUID(9, 9);
    quern.say(client, new FromClient.Request(unknown));
    assertThat(quern.lastHeard(client))
        .isEqualTo(new ToClient.Failure("Unknown task: " + unknown + "."));
    assertThat(quern.closed).isEmpty();
    quern.say(client, new FromClient.Status(unknown));
    assertThat(quern.lastHeard(client)).isEqualTo(status(CompilationStatus.UNKNOWN));
  }

  @Test
  void errorGoesOutOnlyAsTheAnswerToTheRequestOfTheFailedTask() {
    long manager = quern.manager(2);
    long client = quern.client();
    UUID bad = quern.submit(client, "bad");
    UUID good = quern.submit(client, "good");
    List<WireTask> roots = quern.tasksOf(manager);

    quern.say(
        manager,
        new FromManager.Failure(roots.get(0).compilation(), "Traceback\nValueError: no\n"));
    assertThat(quern.heard(client)).containsExactly(new ToClient.Ready());
    assertThat(quern.cancelsOf(manager)).containsExactly(roots.get(0).address());

    quern.say(client, new FromClient.Request(bad));
    assertThat(quern.lastHeard(client))
        .isEqualTo(new ToClient.Failure("Traceback\nValueError: no\n"));
    quern.tell(new BqskitEvent.ClientGone(client));

    quern.finish(manager, roots.get(1), "result");
    long next = quern.client();
    quern.say(next, new FromClient.Status(bad));
    assertThat(quern.lastHeard(next)).isEqualTo(status(CompilationStatus.DONE));
    quern.say(next, new FromClient.Request(good));
    assertThat(quern.lastHeard(next)).isEqualTo(new ToClient.Result(PlainPython.value("result")));
  }

  @Test
  void logLinesGoOutBetweenRequestAndAnswerOnlyEarlierOnesFirst() {
    long manager = quern.manager(1);
    long client = quern.client();
    UUID id = quern.submit(client, "circuit");
    WireTask root = quern.tasksOf(manager).getFirst();

    quern.say(manager, new FromManager.Log(root.compilation(), PlainPython.value("one")));
    quern.say(manager, new FromManager.Log(root.compilation(), PlainPython.value("two")));
    quern.say(client, new FromClient.Status(id));
    assertThat(quern.heard(client)).noneMatch(ToClient.Log.class::isInstance);

    quern.say(client, new FromClient.Request(id));
    quern.say(manager, new FromManager.Log(root.compilation(), PlainPython.value("three")));
    quern.finish(manager, root, "result");
    quern.say(manager, new FromManager.Log(root.compilation(), PlainPython.value("late")));

    assertThat(quern.heard(client))
        .endsWith(
            new ToClient.Log(PlainPython.value("one")),
            new ToClient.Log(PlainPython.value("two")),
            new ToClient.Log(PlainPython.value("three")),
            new ToClient.Result(PlainPython.value("result")));
  }

  @Test
  void knownIdIsNotTakenASecondTime() {
    long manager = quern.manager(1);
    long client = quern.client();
    UUID id = quern.submit(client, "first");
    quern.say(client, new FromClient.Submit(id, 0, -1, PlainPython.value("second")));
    assertThat(quern.tasksOf(manager)).hasSize(1);
    quern.finish(manager, quern.tasksOf(manager).getFirst(), "result");

    quern.restart();
    long again = quern.manager(1);
    long later = quern.client();
    quern.say(later, new FromClient.Submit(id, 0, -1, PlainPython.value("third")));
    assertThat(quern.tasksOf(again)).isEmpty();
    quern.say(later, new FromClient.Request(id));
    assertThat(quern.lastHeard(later)).isEqualTo(new ToClient.Result(PlainPython.value("result")));
    assertThat(quern.statistics().refused()).isEqualTo(1);
  }

  @Test
  void disconnectCancelsWhatIsUnfinishedAndABrokenConnectionKeepsIt() {
    long manager = quern.manager(4);
    long first = quern.client();
    UUID cancelled = quern.submit(first, "a");
    long second = quern.client();
    UUID kept = quern.submit(second, "b");

    quern.say(first, new FromClient.Disconnect());
    quern.tell(new BqskitEvent.ClientGone(second));

    assertThat(quern.row(cancelled).state).isEqualTo(TaskState.CANCELLED);
    assertThat(quern.closed).contains(first);
    assertThat(quern.row(kept).state).isEqualTo(TaskState.RUNNING);
    quern.pass(Duration.ofMinutes(59));
    assertThat(quern.row(kept).state).isEqualTo(TaskState.RUNNING);
    quern.pass(Duration.ofMinutes(2));
    assertThat(quern.row(kept).state).isEqualTo(TaskState.CANCELLED);
    assertThat(quern.cancelsOf(manager)).hasSize(2);
  }

  @Test
  void orphanThatIsAskedForIsKeptOn() {
    quern.manager(1);
    long client = quern.client();
    UUID id = quern.submit(client, "a");
    quern.tell(new BqskitEvent.ClientGone(client));
    quern.pass(Duration.ofMinutes(40));
    long other = quern.client();
    quern.say(other, new FromClient.Request(id));
    quern.pass(Duration.ofMinutes(40));
    assertThat(quern.row(id).state).isEqualTo(TaskState.RUNNING);
    quern.pass(Duration.ofHours(3));
    assertThat(quern.row(id).state).as("a client waits for it").isEqualTo(TaskState.RUNNING);
  }

  @Test
  void nothingIsSaidOfATaskBeforeItIsStored() {
    long manager = quern.manager(1);
    long client = quern.client();
    quern.isStoreSlow = true;
    UUID id = quern.submit(client, "circuit");
    quern.say(client, new FromClient.Status(id));
    assertThat(quern.heard(client)).containsExactly(new ToClient.Ready());
    assertThat(quern.tasksOf(manager)).isEmpty();

    quern.commit();
    assertThat(quern.lastHeard(client)).isEqualTo(status(CompilationStatus.RUNNING));
    WireTask root = quern.tasksOf(manager).getFirst();

    quern.say(client, new FromClient.Request(id));
    quern.finish(manager, root, "result");
    assertThat(quern.lastHeard(client)).isEqualTo(status(CompilationStatus.RUNNING));
    quern.commit();
    assertThat(quern.lastHeard(client)).isInstanceOf(ToClient.Result.class);
  }

  @Test
  void answerOfAnyKindMeansThatWhatWasSubmittedBeforeIsStored() {
    long client = quern.client();
    quern.isStoreSlow = true;
    UUID id = quern.submit(client, "circuit");
    quern.say(client, new FromClient.Status(new UUID(9, 9)));
    quern.say(client, new FromClient.Cancel(new UUID(9, 9)));
    assertThat(quern.heard(client)).containsExactly(new ToClient.Ready());
    quern.commit();
    assertThat(quern.heard(client))
        .endsWith(status(CompilationStatus.UNKNOWN), new ToClient.Cancel());
    assertThat(quern.row(id)).isNotNull();
  }

  @Test
  void nextMessageAfterASubmissionIsReadWhenItIsStored() {
    long client = quern.client();
    quern.isStoreSlow = true;
    quern.effects.clear();
    quern.submit(client, "circuit");
    assertThat(quern.effects).noneMatch(BqskitEffect.Resume.class::isInstance);
    quern.commit();
    assertThat(quern.effects).contains(new BqskitEffect.Resume(client));
  }

  @Test
  void importPathsGoToEveryManagerBeforeTheFirstTaskThereAlsoAfterARestart() {
    long client = quern.client();
    long manager = quern.manager(1);
    quern.submit(client, "a");
    quern.submit(client, "b");
    assertThat(quern.told(manager))
        .filteredOn(ToManager.ImportPath.class::isInstance)
        .containsExactly(new ToManager.ImportPath(List.of("/home/user")));
    assertThat(quern.told(manager).get(1)).isInstanceOf(ToManager.ImportPath.class);

    quern.restart();
    long late = quern.manager(1);
    assertThat(quern.told(late).get(1)).isEqualTo(new ToManager.ImportPath(List.of("/home/user")));
    assertThat(quern.tasksOf(late)).hasSize(2);
  }

  @Test
  void tasksWaitForAManagerAndRunWhenOneComes() {
    long client = quern.client();
    UUID id = quern.submit(client, "a");
    assertThat(quern.row(id).state).isEqualTo(TaskState.QUEUED);
    long manager = quern.manager(1);
    assertThat(quern.tasksOf(manager))
        .extracting(WireTask::address)
        .allMatch(address -> address.worker() == WireAddress.SERVER);
    assertThat(quern.row(id).state).isEqualTo(TaskState.RUNNING);
  }

  private static ToClient status(CompilationStatus status) {
    return new ToClient.Status(status);
  }
}
