package io.quern.bqskit;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.bqskit.BqskitHarness.CommitFault;
import io.quern.bqskit.wire.FromClient;
import io.quern.bqskit.wire.ToClient;
import io.quern.bqskit.wire.ToClient.CompilationStatus;
import io.quern.runtime.Fixtures;
import io.quern.task.TaskEvent;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A store whose commits are reported as failed: what is told, and done, is what it has.
class StoreFaultsTest {
  private static final Duration RETRY = Duration.ofMillis(500);
  private static final ToClient RUNNING = new ToClient.Status(CompilationStatus.RUNNING);

  private final BqskitHarness quern = new BqskitHarness();

  @Test
  void acceptanceOfWhichOnlyTheReportWasLostIsNotWrittenAgainAndFindsItsOwnIdNotTaken() {
    long client = quern.client();
    quern.commitFaults.add(CommitFault.ALL_WRITTEN);
    UUID id = quern.submit(client, "circuit");

    assertThat(commits()).as("the acceptance").isEqualTo(1);
    assertThat(quern.statistics().refused()).isZero();
    quern.say(client, new FromClient.Status(id));
    assertThat(quern.lastHeard(client)).isEqualTo(RUNNING);
    long manager = quern.manager(1);
    quern.finish(manager, quern.tasksOf(manager).getFirst(), "result");
    assertThat(quern.row(id).state).isEqualTo(TaskState.DONE);
  }

  @Test
  void endOfWhichOnlyTheReportWasLostIsToldToItsClientAndAnnouncedToReadersOfItsEvents() {
    long manager = quern.manager(1);
    long client = quern.client();
    UUID id = quern.submit(client, "circuit");
    quern.say(client, new FromClient.Request(id));
    quern.effects.clear();
    quern.commitFaults.add(CommitFault.ALL_WRITTEN);

    quern.finish(manager, quern.tasksOf(manager).getFirst(), "result");

    assertThat(quern.lastHeard(client)).isEqualTo(new ToClient.Result(PlainPython.value("result")));
    assertThat(commits()).isEqualTo(1);
    assertThat(quern.effects).contains(new BqskitEffect.Announce(quern.row(id).accepted.task(), 3));
  }

  @Test
  void whatWasNotWrittenIsWrittenAgainAfterAWhileAndToldOnlyThen() {
    long client = quern.client();
    quern.commitFaults.add(CommitFault.NOTHING_WRITTEN);
    UUID id = quern.submit(client, "circuit");
    quern.say(client, new FromClient.Status(id));
    assertThat(quern.heard(client)).containsExactly(new ToClient.Ready());
    quern.pass(RETRY.minusMillis(1));
    assertThat(quern.rows).isEmpty();

    quern.pass(Duration.ofMillis(1));

    assertThat(quern.lastHeard(client)).isEqualTo(RUNNING);
    assertThat(quern.effects).noneMatch(BqskitEffect.Announce.class::isInstance);
  }

  @ParameterizedTest
  @EnumSource
  void taskIsStartedOnceWhateverOfItsFirstCommitWasWritten(CommitFault fault) {
    long manager = quern.manager(1);
    quern.commitFaults.add(fault);
    UUID id = quern.submit(quern.client(), "circuit");
    quern.pass(RETRY);

    assertThat(quern.tasksOf(manager)).hasSize(1);
    assertThat(quern.row(id).attempts).isEqualTo(1);
    assertThat(quern.row(id).events).extracting(TaskEvent::number).isEqualTo(List.of(1L, 2L));
  }

  @Test
  void storeThatCannotBeReadIsAskedAgainOnceInAWhile() {
    long client = quern.client();
    quern.isStoreAway = true;
    quern.commitFaults.add(CommitFault.ALL_WRITTEN);
    UUID id = quern.submit(client, "circuit");
    assertThat(lookUps()).isEqualTo(1);
    quern.pass(RETRY.minusMillis(1));
    assertThat(lookUps()).isEqualTo(1);
    quern.pass(Duration.ofMillis(1));
    assertThat(lookUps()).isEqualTo(2);

    quern.isStoreAway = false;
    quern.pass(RETRY);

    assertThat(lookUps()).isEqualTo(3);
    assertThat(commits()).isEqualTo(1);
    quern.say(client, new FromClient.Status(id));
    assertThat(quern.lastHeard(client)).isEqualTo(RUNNING);
  }

  @ParameterizedTest
  @EnumSource
  void submissionOfTheTasksApiIsAnsweredByWhatTheStoreHas(CommitFault fault) {
    quern.commitFaults.add(fault);
    quern.tell(submitted());
    long manager = quern.manager(1);

    if (fault == CommitFault.NOTHING_WRITTEN) {
      assertThat(answer()).isInstanceOf(SubmitAnswer.StoreUnavailable.class);
      assertThat(quern.statistics().unfinished()).isZero();
      assertThat(quern.statistics().refused()).as("its id was not known").isZero();
      quern.pass(RETRY);
      assertThat(quern.rows).isEmpty();
    } else {
      assertThat(answer()).isInstanceOf(SubmitAnswer.Accepted.class);
      assertThat(quern.tasksOf(manager)).hasSize(1);
    }
  }

  @Test
  void submissionOfTheTasksApiDoesNotWaitForAStoreThatCannotBeReadAndRunsIfItIsThere() {
    long manager = quern.manager(1);
    quern.isStoreAway = true;
    quern.commitFaults.add(CommitFault.ALL_WRITTEN);
    quern.tell(submitted());
    assertThat(answer()).isInstanceOf(SubmitAnswer.StoreUnavailable.class);
    quern.isStoreAway = false;

    quern.pass(RETRY);

    assertThat(quern.tasksOf(manager)).hasSize(1);
    assertThat(answer()).as("it is told once").isInstanceOf(SubmitAnswer.StoreUnavailable.class);
  }

  private static BqskitEvent submitted() {
    return new BqskitEvent.Submitted(
        5, Fixtures.newTask(7, "alice", null), PlainPython.value("circuit"));
  }

  private SubmitAnswer answer() {
    List<SubmitAnswer> answers = new ArrayList<>();
    for (BqskitEffect effect : quern.effects) {
      if (effect instanceof BqskitEffect.Reply(long reply, SubmitAnswer answer)) {
        assertThat(reply).isEqualTo(5);
        answers.add(answer);
      }
    }
    assertThat(answers).hasSize(1);
    return answers.getFirst();
  }

  private long commits() {
    return quern.effects.stream().filter(BqskitEffect.Persist.class::isInstance).count();
  }

  private long lookUps() {
    return quern.effects.stream().filter(BqskitEffect.ReadBack.class::isInstance).count();
  }
}
