package io.quern.runtime;

import static io.quern.worker.WorkerDriver.child;
import static io.quern.worker.WorkerDriver.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.task.Attempt;
import io.quern.task.Scheduling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  private static final long EPOCH = 3;
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final Timers timers = new Timers();
  private final List<Slip> delivered = new ArrayList<>();
  private final RuntimeTask task = child(root(1), 12, 1, 0);
  private Instant now = Instant.EPOCH;
  private int ends;
  private final Recovery recovery = recovery(GRACE);

  private Recovery recovery(Duration grace) {
    return new Recovery(EPOCH, grace, timers, () -> now, () -> ends++);
  }

  private static TaskEntry entry() {
    return new TaskEntry(
        Fixtures.taskId(1),
        "alice",
        Scheduling.DEFAULT,
        new StateMachine<>(TaskPhase.table(), TaskPhase.QUEUED));
  }

  private List<RuntimeTask> wanted() {
    return recovery.wanted(List.of(task), delivered::add);
  }

  private Slip result() {
    return new Slip(task.id(), new Message.Result(task.id(), 9, task.function(), "value", 1));
  }

  @Test
  void rootThatWasOutIsExpectedAsTheAttemptThatItWas() {
    TaskEntry entry = entry();
    RuntimeTask brought = root(7L << 32);
    assertThat(recovery.expect(entry, new Attempt(7, 1))).isTrue();
    assertThat(recovery.isExpected(entry, brought)).isTrue();
    assertThat(recovery.isExpected(entry, brought.again())).isFalse();
    assertThat(recovery.isExpected(entry, root(6L << 32))).isFalse();
  }

  @Test
  void whatNobodyHasBroughtIsLostWhenItIsOver() {
    TaskEntry brought = entry();
    TaskEntry lost = entry();
    recovery.expect(brought, new Attempt(2, 1));
    recovery.expect(lost, new Attempt(2, 1));
    recovery.open();
    brought.returning = null;
    assertThat(recovery.close()).containsExactly(lost);
    assertThat(lost.returning).isNull();
    assertThat(recovery.isOpen()).isFalse();
  }

  @Test
  void withoutGraceNobodyIsWaitedFor() {
    Recovery hasty = recovery(Duration.ZERO);
    TaskEntry entry = entry();
    assertThat(hasty.expect(entry, new Attempt(2, 1))).isFalse();
    assertThat(entry.returning).isNull();
    hasty.open();
    assertThat(hasty.isOpen()).isFalse();
  }

  @Test
  void graceBeginsAnewWithEachWayToJoin() {
    recovery.open();
    recovery.managersMayJoin();
    now = now.plus(GRACE.minusMillis(1));
    recovery.managersMayJoin();
    now = now.plusMillis(1);
    timers.fire(now);
    assertThat(ends).isZero();
    now = now.plus(GRACE);
    timers.fire(now);
    assertThat(ends).isEqualTo(1);
  }

  @Test
  void whatIsWantedWaitsForWhoMayHaveItAndRunsWhenThatIsOver() {
    recovery.open();
    assertThat(wanted()).isEmpty();
    recovery.close();
    assertThat(recovery.takeOrphans()).extracting(each -> each.id().address()).hasSize(1);
    assertThat(recovery.takeOrphans()).isEmpty();
  }

  @Test
  void whatSomebodyBringsOrACancelCoversIsNotBegun() {
    recovery.open();
    wanted();
    assertThat(recovery.isFound(task.id().address())).isTrue();
    assertThat(recovery.isFound(task.id().address())).isFalse();
    wanted();
    recovery.removeCovered(new Message.Cancel(root(1).id().address(), Integer.MAX_VALUE, 1));
    assertThat(recovery.takeOrphans()).isEmpty();
  }

  @Test
  void resultThatIsHereBeforeItsReaderIsDeliveredWhenThatIsBack() {
    recovery.open();
    Slip first = result();
    Slip second = result();
    recovery.keep(first);
    recovery.keep(second);
    assertThat(first.isDone()).isTrue();
    assertThat(wanted()).isEmpty();
    assertThat(delivered).containsExactly(second);
    assertThat(second.isDone()).isFalse();
  }

  @Test
  void resultWhoseReaderDoesNotComeBackNeedNotBeKeptByAnybody() {
    recovery.open();
    Slip result = result();
    recovery.keep(result);
    recovery.close();
    assertThat(result.isDone()).isTrue();
  }

  @Test
  void runsOfThisLifeHaveAttemptsThatNoEarlierOneHasUsed() {
    RuntimeTask first = wanted().getFirst();
    RuntimeTask second = wanted().getFirst();
    assertThat(first.id().attempt()).isGreaterThanOrEqualTo((int) EPOCH << 14);
    assertThat(second.id().attempt()).isGreaterThan(first.id().attempt());
    RuntimeTask again =
        recovery.wanted(List.of(task.atAttempt(1 << 20)), delivered::add).getFirst();
    assertThat(again.id().attempt()).isEqualTo((1 << 20) + 1);
  }
}
