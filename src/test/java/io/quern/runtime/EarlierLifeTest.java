package io.quern.runtime;

import static io.quern.runtime.Fixtures.taskId;
import static io.quern.runtime.ReattachmentTest.BACK;
import static io.quern.runtime.ReattachmentTest.GRACE;
import static io.quern.runtime.ReattachmentTest.IDS;
import static io.quern.runtime.ReattachmentTest.OTHERS;
import static io.quern.runtime.ReattachmentTest.bring;
import static io.quern.runtime.ReattachmentTest.dropped;
import static io.quern.runtime.ReattachmentTest.startedAgain;
import static io.quern.worker.WorkerDriver.child;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.pass.LogLevel;
import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.task.Attempt;
import io.quern.task.Blob;
import io.quern.task.KeptWork;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a server does with children that an earlier life of it had handed out, depending on who is
/// back, and with what earlier runs have finished.
class EarlierLifeTest {
  private static final LinkId SUBMITTER = new LinkId(8);

  private final RuntimeTask root = ServerDriver.ready(1).run(1);
  private final RuntimeTask lent = child(root, IDS.lower(), 5, 0);
  private final ServerDriver driver = startedAgain(2, new Attempt(1, 1));

  private void submitterIsBack() {
    bring(driver, SUBMITTER, IDS, List.of(root), List.of());
    driver.handle(new Event.Received(SUBMITTER, new Message.Started(2)));
    driver.handle(new Event.Received(SUBMITTER, new Message.OpenSubmits(List.of(lent))));
  }

  private void endGrace() {
    driver.pass(GRACE).handle(new Event.TimerFired());
  }

  @Test
  void childThatIsBroughtAfterTheGraceIsDropped() {
    endGrace();
    bring(driver, BACK, OTHERS, List.of(lent), List.of());
    assertThat(dropped(driver, BACK)).containsExactly(lent.id());
  }

  @Test
  void secondRunOfAChildThatIsBroughtIsDropped() {
    bring(driver, BACK, OTHERS, List.of(lent), List.of());
    assertThat(dropped(driver, BACK)).isEmpty();
    LinkId third = new LinkId(9);
    bring(driver, third, IdBlock.of(1, 2), List.of(lent.again()), List.of());
    assertThat(dropped(driver, third)).containsExactly(lent.again().id());
  }

  @Test
  void childWhoseParentNobodyBringsIsEndedWithTheGrace() {
    bring(driver, BACK, OTHERS, List.of(lent), List.of());
    endGrace();
    assertThat(driver.sent(BACK))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Cancel.class, cancel -> assertThat(cancel.covers(lent.id())).isTrue());
  }

  @Test
  void childWhoseParentIsBackIsNotEndedWithTheGrace() {
    bring(driver, BACK, OTHERS, List.of(lent), List.of());
    submitterIsBack();
    endGrace();
    assertThat(driver.sent(BACK)).isEmpty();
  }

  @Test
  void resultOfAChildWhoseParentIsNotBackIsKeptForIt() {
    bring(driver, BACK, OTHERS, List.of(lent), List.of(lent.id()));
    Message.Result value = new Message.Result(lent.id(), OTHERS.lower(), lent.function(), 9L, 1);
    driver.handle(new Event.Received(BACK, value));
    assertThat(driver.effects()).as("it is not where it is for").isEmpty();
    submitterIsBack();
    assertThat(driver.sent(SUBMITTER)).containsExactly(value);
    driver.handle(new Event.Received(SUBMITTER, new Message.Taken(1)));
    assertThat(driver.sent(BACK)).containsExactly(new Message.Taken(1));
  }

  @Test
  void nextRunIsGivenWhatEarlierOnesHaveFinished() {
    KeptWork kept = new KeptWork(null, Map.of("block", Blob.of(new byte[] {1})));
    driver.connect(new LinkId(2), 1);
    endGrace();
    RootWork work = new RootWork(ServerDriver.ROOT, "argument", null, LogLevel.INFO, -1, kept);
    driver.handle(new Event.SubmissionLoaded(taskId(1), work));
    driver.commit();
    assertThat(driver.rootSent().kept()).isEqualTo(kept);
  }
}
