package io.quern.manager;

import static io.quern.worker.WorkerDriver.child;
import static io.quern.worker.WorkerDriver.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import java.util.List;
import org.junit.jupiter.api.Test;

class BossBeliefsTest {
  private final BossBeliefs beliefs = new BossBeliefs();
  private final RuntimeTask first = child(root(1), 12, 1, 0);
  private final RuntimeTask second = child(root(1), 12, 1, 1);

  private void start(int workers) {
    assertThat(beliefs.toTellOfWorkers(workers, true)).isEqualTo(new Message.Started(workers));
  }

  @Test
  void nothingIsToldBeforeTheWorkersAreReady() {
    assertThat(beliefs.toTellOfWorkers(1, false)).isNull();
    assertThat(beliefs.toTellOfIdle(1)).isNull();
    assertThat(beliefs.toTellOfBacklog(1, () -> 5)).isNull();
    assertThat(beliefs.hasStarted()).isFalse();
    start(2);
    assertThat(beliefs.hasStarted()).isTrue();
  }

  @Test
  void onlyWhatIsNewIsTold() {
    start(4);
    assertThat(beliefs.toTellOfWorkers(4, true)).isNull();
    assertThat(beliefs.toTellOfIdle(4)).isNull();
    assertThat(beliefs.toTellOfIdle(3)).isEqualTo(new Message.Waiting(3, null));
    assertThat(beliefs.toTellOfIdle(3)).isNull();
  }

  @Test
  void workersThatJoinAreIdleAndThoseThatLeaveWere() {
    start(4);
    assertThat(beliefs.toTellOfWorkers(6, true)).isEqualTo(new Message.Started(6));
    assertThat(beliefs.toTellOfIdle(6)).isNull();
    assertThat(beliefs.toTellOfWorkers(1, true)).isEqualTo(new Message.Started(1));
    assertThat(beliefs.toTellOfIdle(1)).isNull();
  }

  @Test
  void bossCountsWhatItSubmitsAsWorkAndHearsWhichSubmitWasSeen() {
    start(4);
    beliefs.submitted(List.of(first, second));
    assertThat(beliefs.toTellOfIdle(2)).isNull();
    assertThat(beliefs.toTellOfIdle(3)).isEqualTo(new Message.Waiting(3, first.id()));
    beliefs.gaveBack(List.of(second.id()));
    assertThat(beliefs.toTellOfIdle(4)).isEqualTo(new Message.Waiting(4, first.id()));
    beliefs.gaveBack(List.of(first.id()));
    assertThat(beliefs.toTellOfIdle(3)).isEqualTo(new Message.Waiting(3, null));
  }

  @Test
  void backlogIsToldWhenItBeginsWhenItEndsAndAfterEachCredit() {
    start(1);
    assertThat(beliefs.toTellOfBacklog(0, () -> 5)).isNull();
    assertThat(beliefs.toTellOfBacklog(9, () -> 5)).isEqualTo(new Message.Backlog(9, 5));
    assertThat(beliefs.toTellOfBacklog(7, () -> 5)).isNull();
    beliefs.credited();
    assertThat(beliefs.toTellOfBacklog(7, () -> 5)).isEqualTo(new Message.Backlog(7, 5));
    assertThat(beliefs.toTellOfBacklog(0, () -> 1)).isEqualTo(new Message.Backlog(0, 1));
    assertThat(beliefs.toTellOfBacklog(0, () -> 1)).isNull();
  }

  @Test
  void bossThatWasLostKnowsNothingOfBacklogAndReceipts() {
    start(4);
    beliefs.submitted(List.of(first));
    beliefs.toTellOfBacklog(9, () -> 5);
    beliefs.lost();
    beliefs.found(3, 2);
    assertThat(beliefs.toTellOfWorkers(3, true)).isNull();
    assertThat(beliefs.toTellOfIdle(2)).isNull();
    assertThat(beliefs.toTellOfIdle(1)).isEqualTo(new Message.Waiting(1, null));
    assertThat(beliefs.toTellOfBacklog(9, () -> 5)).isEqualTo(new Message.Backlog(9, 5));
  }
}
