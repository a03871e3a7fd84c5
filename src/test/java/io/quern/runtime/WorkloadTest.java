package io.quern.runtime;

import static io.quern.worker.WorkerDriver.child;
import static io.quern.worker.WorkerDriver.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private final Workload workload = new Workload();
  private final RuntimeTask first = child(root(1), 12, 1, 0);
  private final RuntimeTask second = child(root(1), 12, 1, 1);
  private final RuntimeTask third = child(root(2), 12, 2, 0);

  private void addAll() {
    assertThat(workload.add(first, 10, 1, true)).isTrue();
    assertThat(workload.add(second, 20, 1, false)).isTrue();
    assertThat(workload.add(third, 40, 2, false)).isTrue();
  }

  @Test
  void taskThatIsHereAlreadyIsNotTaken() {
    addAll();
    assertThat(workload.add(second, 20, 3, false)).isFalse();
  }

  @Test
  void finishedTaskLeavesTheBooksOnce() {
    addAll();
    Workload.Outstanding finished =
        Objects.requireNonNull(workload.finish(second.id()), "it was there");
    assertThat(finished.task()).isEqualTo(second);
    assertThat(finished.submit()).isEqualTo(1);
    assertThat(workload.finish(second.id())).isNull();
    assertThat(workload.numInHand()).isEqualTo(2);
    assertThat(workload.inHandNanos()).isEqualTo(50);
    assertThat(workload.numFinished()).isEqualTo(1);
    workload.verify("it");
  }

  @Test
  void whatAwaitsOthersWantsNoSlotUntilItSaysSo() {
    addAll();
    workload.awaitsOthers(first.id());
    assertThat(workload.isAwaiting(first.id())).isTrue();
    assertThat(workload.inHandNanos()).isEqualTo(60);
    assertThat(workload.wantsSlotAgain(first.id())).isTrue();
    assertThat(workload.wantsSlotAgain(first.id())).isFalse();
    assertThat(workload.inHandNanos()).isEqualTo(70);
    workload.verify("it");
  }

  @Test
  void cancelTakesWhatItCoversAndDoesNotCountAsFinished() {
    addAll();
    workload.awaitsOthers(second.id());
    workload.removeCovered(new Message.Cancel(root(1).id().address(), Integer.MAX_VALUE, 1));
    assertThat(workload.ids()).containsExactly(third.id());
    assertThat(workload.inHandNanos()).isEqualTo(40);
    assertThat(workload.numFinished()).isZero();
    workload.verify("it");
  }

  @Test
  void workerGoesOnWithWhatHasAwaitedAndBeginsTheOldestOfTheRest() {
    addAll();
    assertThat(workload.onSlot()).containsExactly(first);
    workload.awaitsOthers(first.id());
    assertThat(workload.onSlot()).containsExactly(second);
    workload.wantsSlotAgain(first.id());
    assertThat(workload.onSlot()).containsExactly(first, second);
  }

  @Test
  void whatIsExecutedOrHasAwaitedIsNotTakenForUnstarted() {
    addAll();
    workload.awaitsOthers(second.id());
    workload.wantsSlotAgain(second.id());
    assertThat(workload.executing()).containsExactly(first);
    assertThat(workload.unstarted(workload.executing())).containsExactly(third.id());
    workload.executing(new Message.Executing(List.of(third.id()), List.of(first.id())));
    assertThat(workload.executing()).containsExactly(third);
    assertThat(workload.unstarted(workload.executing())).containsExactly(first.id());
  }
}
