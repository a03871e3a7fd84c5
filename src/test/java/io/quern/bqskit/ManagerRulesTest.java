package io.quern.bqskit;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.bqskit.wire.FromManager;
import io.quern.bqskit.wire.ToManager;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireResult;
import io.quern.bqskit.wire.WireTask;
import io.quern.task.TaskEvent;
import io.quern.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ManagerRulesTest {
  private final BqskitHarness quern = new BqskitHarness();

  @Test
  void everyManagerGetsARangeOfItsOwn() {
    ToManager.Connect first = (ToManager.Connect) quern.told(quern.manager(1)).getFirst();
    ToManager.Connect second = (ToManager.Connect) quern.told(quern.manager(1)).getFirst();
    assertThat(first.upper()).isEqualTo(second.lower());
    assertThat(second.upper()).isLessThanOrEqualTo(1L << 30);
  }

  /// Whatever listens at a wrong address takes no ids away, however often it is dialled.
  @Test
  void rangeOfAManagerThatNeverStartedIsGivenToTheNext() {
    long silent = quern.nextConnection();
    quern.tell(new BqskitEvent.ManagerConnected(silent, "silent"));
    quern.tell(new BqskitEvent.ManagerGone(silent, "closed"));
    long next = quern.manager(1);
    assertThat(quern.lower(next)).isEqualTo(quern.lower(silent));
    quern.tell(new BqskitEvent.ManagerGone(next, "closed"));
    assertThat(quern.lower(quern.manager(1))).isNotEqualTo(quern.lower(next));
  }

  @Test
  void storeThatIsAwayIsAskedForInputsOnceInAWhile() {
    UUID id = quern.submit(quern.client(), "a");
    quern.restart();
    quern.isStoreAway = true;
    quern.effects.clear();
    long manager = quern.manager(1);
    assertThat(loads()).isEqualTo(1);
    quern.pass(Duration.ofMillis(499));
    assertThat(loads()).isEqualTo(1);
    quern.pass(Duration.ofMillis(1));
    assertThat(loads()).isEqualTo(2);
    quern.isStoreAway = false;
    quern.pass(Duration.ofMillis(500));
    assertThat(quern.tasksOf(manager)).hasSize(1);
    assertThat(quern.row(id).state).isEqualTo(TaskState.RUNNING);
  }

  private long loads() {
    return quern.effects.stream().filter(BqskitEffect.LoadInput.class::isInstance).count();
  }

  @Test
  void idleWorkersGetTasksFirstThenThoseWithFewest() {
    long busy = quern.manager(0);
    long idle = quern.manager(3);
    long client = quern.client();
    quern.submit(client, "a");
    quern.submit(client, "b");
    quern.submit(client, "c");
    assertThat(quern.tasksOf(idle)).hasSize(3);
    quern.submit(client, "d");
    assertThat(quern.tasksOf(busy)).as("it has the fewest").hasSize(1);
  }

  @Test
  void batchIsNeverEmptyAndSplitsOverManagers() {
    long first = quern.manager(1);
    long second = quern.manager(1);
    WireTask root = start("a");
    long holder = quern.tasksOf(first).isEmpty() ? second : first;
    long other = holder == first ? second : first;
    quern.say(
        holder,
        new FromManager.Submit(
            List.of(quern.child(holder, root, 0, 0), quern.child(holder, root, 0, 1))));
    assertThat(quern.tasksOf(other)).isNotEmpty();
    assertThat(quern.tasksOf(first).size() + quern.tasksOf(second).size()).isEqualTo(3);
  }

  @Test
  void resultCrossesToTheManagerThatWaitsAndASecondIsNeverForwarded() {
    Lent lent = lend();
    quern.finish(lent.other, lent.task, "one");
    quern.finish(lent.other, lent.task, "two");
    assertThat(quern.told(lent.owner))
        .filteredOn(ToManager.Result.class::isInstance)
        .containsExactly(
            new ToManager.Result(
                new WireResult(
                    lent.task.address(), quern.lower(lent.other), PlainPython.value("one"))));
    assertThat(quern.statistics().dropped()).isEqualTo(1);
  }

  @Test
  void cancelAndMessagesFromBelowGoToAllTheSenderToo() {
    Lent lent = lend();
    quern.say(
        lent.owner,
        new FromManager.Communicate(
            List.of(lent.task.address()), PlainPython.value("(addresses, 'hello')")));
    quern.say(lent.owner, new FromManager.Cancel(lent.task.address()));
    for (long manager : List.of(lent.owner, lent.other)) {
      assertThat(quern.cancelsOf(manager)).containsExactly(lent.task.address());
      assertThat(quern.told(manager))
          .contains(new ToManager.Communicate(PlainPython.value("(addresses, 'hello')")));
    }
    quern.finish(lent.other, lent.task, "late");
    assertThat(quern.told(lent.owner)).noneMatch(ToManager.Result.class::isInstance);
  }

  @Test
  void waitingCountsWhatWasSentAfterTheReceipt() {
    PythonManager manager = new PythonManager(1, "m", BqskitHarness.START, 0, 10);
    manager.started(4);
    WireAddress first = new WireAddress(-1, 1, 0);
    WireAddress second = new WireAddress(-1, 2, 0);
    manager.handed(first, 2);
    manager.handed(second, 1);
    assertThat(manager.idle()).isEqualTo(1);
    manager.waiting(3, first);
    assertThat(manager.idle()).as("one of the three has a task on its way").isEqualTo(2);
    manager.waiting(4, second);
    assertThat(manager.idle()).isEqualTo(4);
    assertThat(manager.tasks()).as("all idle: there are none").isZero();
    manager.waiting(99, new WireAddress(5, 5, 5));
    assertThat(manager.idle()).as("an unknown receipt and too high a count").isEqualTo(4);
  }

  @Test
  void lostRootsStartAnewUnderAnotherAddressAndTheOldOneIsCancelledEverywhere() {
    long first = quern.manager(1);
    long second = quern.manager(1);
    UUID id = quern.submit(quern.client(), "a");
    long holder = quern.tasksOf(first).isEmpty() ? second : first;
    long other = holder == first ? second : first;
    WireTask root = quern.tasksOf(holder).getFirst();

    quern.tell(new BqskitEvent.ManagerGone(holder, "kill -9"));

    assertThat(quern.cancelsOf(other)).containsExactly(root.address());
    WireTask again = quern.tasksOf(other).getLast();
    assertThat(again.address()).isNotEqualTo(root.address());
    assertThat(again.value()).isEqualTo(root.value());
    assertThat(quern.told(holder)).last().isEqualTo(new ToManager.Shutdown());
    quern.finish(other, again, "result");
    assertThat(quern.row(id).state).isEqualTo(TaskState.DONE);
    assertThat(quern.row(id).events)
        .extracting(event -> event.data().getClass().getSimpleName())
        .containsExactly("StateChanged", "StateChanged", "Restarted", "PythonResult");
    assertThat(quern.statistics().ranAgain()).isEqualTo(1);
  }

  @Test
  void whatTheDeadHandedOutIsCancelledByItsOwnAddressAndItsDescendantsAreForgotten() {
    long owner = quern.manager(1);
    WireTask root = start("a");
    long middle = quern.manager(1);
    WireTask lent = quern.child(owner, root, 0, 0);
    quern.say(owner, new FromManager.Submit(List.of(lent)));
    assertThat(quern.tasksOf(middle)).containsExactly(lent);
    long third = quern.manager(2);
    WireTask grandchild = quern.child(middle, lent, 0, 0);
    quern.say(middle, new FromManager.Submit(List.of(grandchild)));
    assertThat(quern.tasksOf(third)).containsExactly(grandchild);
    WireTask below = quern.child(third, grandchild, 0, 0);
    quern.say(third, new FromManager.Waiting(0, grandchild.address()));
    quern.say(owner, new FromManager.Waiting(1, root.address()));
    quern.say(third, new FromManager.Submit(List.of(below)));
    assertThat(quern.tasksOf(owner)).endsWith(below);

    quern.tell(new BqskitEvent.ManagerGone(middle, "kill -9"));

    assertThat(quern.cancelsOf(third))
        .as("only what the dead waited for, never what is handed out again")
        .containsExactly(grandchild.address());
    assertThat(quern.cancelsOf(owner)).containsExactly(grandchild.address());
    long taker = quern.tasksOf(third).getLast().equals(lent) ? third : owner;
    assertThat(quern.tasksOf(taker)).endsWith(lent);
    quern.finish(owner, below, "of no use");
    assertThat(quern.told(third)).noneMatch(ToManager.Result.class::isInstance);
    assertThat(quern.cancelsOf(owner)).doesNotContain(root.address(), lent.address());
  }

  @Test
  void messagesAreSentAgainWithTheirTask() {
    Lent lent = lend();
    long spare = quern.manager(3);
    quern.say(
        lent.owner,
        new FromManager.Communicate(List.of(lent.task.address()), PlainPython.value("hello")));
    int before = quern.told(spare).size();
    quern.tell(new BqskitEvent.ManagerGone(lent.other, "kill -9"));
    assertThat(quern.told(spare).subList(before, quern.told(spare).size()))
        .filteredOn(message -> !(message instanceof ToManager.ImportPath))
        .containsExactly(
            new ToManager.Submit(List.of(lent.task)),
            new ToManager.Communicate(PlainPython.value("hello")));
    quern.finish(spare, lent.task, "result");
    assertThat(quern.told(lent.owner)).anyMatch(ToManager.Result.class::isInstance);
  }

  @Test
  void compilationOfATaskWhoseMessagesHadNoRoomStartsAnewWhenTheTasksManagerIsLost() {
    Lent lent = lend();
    WireTask root = quern.tasksOf(lent.owner).getFirst();
    quern.say(
        lent.owner,
        new FromManager.Communicate(
            List.of(lent.task.address()),
            PlainPython.value("x".repeat(BqskitHarness.MESSAGE_ROOM))));
    assertThat(quern.told(lent.other))
        .as("it gets the message all the same")
        .anyMatch(ToManager.Communicate.class::isInstance);

    quern.tell(new BqskitEvent.ManagerGone(lent.other, "kill -9"));

    assertThat(quern.cancelsOf(lent.owner)).containsExactly(root.address());
    assertThat(quern.tasksOf(lent.owner)).doesNotContain(lent.task);
    WireTask anew = quern.tasksOf(lent.owner).getLast();
    assertThat(anew.value()).isEqualTo(root.value());
    assertThat(anew.address()).isNotEqualTo(root.address());
    assertThat(quern.statistics().heldTasks()).isZero();
    quern.finish(lent.owner, root, "of no use");
    quern.finish(lent.owner, anew, "result");
    assertThat(quern.rows.values())
        .allSatisfy(row -> assertThat(row.result).isEqualTo(PlainPython.value("result")));
  }

  @Test
  void taskWhoseResultStaysWithItsManagerIsNotHeld() {
    long manager = quern.manager(1);
    WireTask root = start("a");
    quern.say(manager, new FromManager.Submit(List.of(quern.child(manager, root, 0, 0))));
    assertThat(quern.statistics().heldTasks()).isZero();
  }

  @Test
  void managerThatSaysWhatCannotBeDealtWithLosesItsConnectionAndNothingElseHappens() {
    long boaster = quern.manager(1);
    quern.say(boaster, new FromManager.Started(1));
    long liar = quern.nextConnection();
    quern.tell(new BqskitEvent.ManagerConnected(liar, "liar"));
    quern.say(liar, new FromManager.Started(Integer.MAX_VALUE));
    long mad = quern.manager(1);
    WireTask root = start("a");
    quern.finish(mad, root, PlainPython.NONSENSE);
    assertThat(quern.effects).anyMatch(BqskitEffect.Broken.class::isInstance);
    assertThat(quern.closed).containsExactly(boaster, liar, mad);
    quern.tell(new BqskitEvent.ManagerGone(mad, "it was closed"));

    long good = quern.manager(1);
    WireTask again = lastRoot("a", good);
    quern.finish(good, again, "result");
    assertThat(quern.rows.values()).allMatch(row -> row.state == TaskState.DONE);
  }

  @Test
  void messagesOfOthersTasksAreDropped() {
    long manager = quern.manager(1);
    WireTask root = start("a");
    WireTask foreign =
        new WireTask(
            new WireAddress(quern.lower(manager) + (1 << 20), 0, 0),
            root.compilation(),
            List.of(root.address()),
            PlainPython.value("x"));
    int before = quern.tasksOf(manager).size();
    quern.say(manager, new FromManager.Submit(List.of(foreign)));
    quern.say(manager, new FromManager.Cancel(foreign.address()));
    quern.say(manager, new FromManager.Log(99, PlainPython.value("x")));
    quern.say(manager, new FromManager.Failure(99, "x"));
    quern.finish(manager, foreign, "x");
    assertThat(quern.tasksOf(manager)).hasSize(before);
    assertThat(quern.cancelsOf(manager)).isEmpty();
    assertThat(quern.statistics().dropped()).isEqualTo(5);
  }

  @Test
  void taskThatEndsTwoManagersFailsAndOthersAreUnharmed() {
    long client = quern.client();
    UUID good = quern.submit(client, "good");
    UUID bad = quern.submit(client, "bad");
    long first = quern.manager(2);
    quern.say(first, new FromManager.Shutdown(false));
    long second = quern.manager(2);
    long third = quern.manager(2);
    // After the first end both are suspected, so each is alone on its manager.
    long killer = holderOf("bad", second, third);
    quern.say(killer, new FromManager.Shutdown(false));

    assertThat(quern.row(bad).state).isEqualTo(TaskState.FAILED);
    assertThat(quern.row(bad).events.getLast().data())
        .isInstanceOfSatisfying(
            TaskEvent.StateChanged.class,
            change ->
                assertThat(Objects.requireNonNull(change.error()).code().slug())
                    .isEqualTo("poisoned"));
    long survivor = holderOf("good", second, third);
    quern.finish(survivor, lastRoot("good", survivor), "result");
    assertThat(quern.row(good).state).isEqualTo(TaskState.DONE);
  }

  @Test
  void brokenConnectionsFailNobodyWhileThereAreOthers() {
    long client = quern.client();
    UUID one = quern.submit(client, "one");
    UUID two = quern.submit(client, "two");
    for (int i = 0; i < 2; i++) {
      long manager = quern.manager(2);
      quern.tell(new BqskitEvent.ManagerGone(manager, "kill -9"));
    }
    long last = quern.manager(2);
    long other = quern.manager(2);
    for (String input : List.of("one", "two")) {
      long holder = holderOf(input, last, other);
      quern.finish(holder, lastRoot(input, holder), input);
    }
    assertThat(List.of(quern.row(one).state, quern.row(two).state))
        .containsExactly(TaskState.DONE, TaskState.DONE);
  }

  @Test
  void taskThatBreaksTwoConnectionsWhereItIsAloneFails() {
    UUID bad = quern.submit(quern.client(), "bad");
    quern.tell(new BqskitEvent.ManagerGone(quern.manager(2), "kill -9"));
    assertThat(quern.row(bad).state).isEqualTo(TaskState.RUNNING);
    quern.tell(new BqskitEvent.ManagerGone(quern.manager(2), "kill -9"));
    assertThat(quern.row(bad).state).isEqualTo(TaskState.FAILED);
  }

  @Test
  void managersMayBeRestartedAgainAndAgain() {
    UUID task = quern.submit(quern.client(), "task");
    for (int i = 0; i < 20; i++) {
      quern.say(quern.manager(2), new FromManager.Shutdown(true));
    }
    long last = quern.manager(2);
    quern.finish(last, lastRoot("task", last), "result");
    assertThat(quern.row(task).state).isEqualTo(TaskState.DONE);
  }

  @Test
  void managersAreToldToEndWhenTheServerStops() {
    long manager = quern.manager(1);
    quern.tell(new BqskitEvent.Stopping());
    assertThat(quern.told(manager)).last().isEqualTo(new ToManager.Shutdown());
    assertThat(quern.closed).contains(manager);
  }

  private WireTask lastRoot(String input, long manager) {
    return quern.tasksOf(manager).stream()
        .filter(task -> PlainPython.text(task.value()).equals(input))
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  private long holderOf(String input, long... managers) {
    for (long manager : managers) {
      if (quern.tasksOf(manager).stream()
          .anyMatch(task -> PlainPython.text(task.value()).equals(input))) {
        return manager;
      }
    }
    throw new AssertionError(input + " is nowhere");
  }

  private WireTask start(String input) {
    quern.submit(quern.client(), input);
    for (long manager : quern.toManagers.keySet()) {
      if (!quern.tasksOf(manager).isEmpty()) {
        return quern.tasksOf(manager).getFirst();
      }
    }
    throw new AssertionError("nobody has it");
  }

  /// A task of one manager that another one has.
  private record Lent(long owner, long other, WireTask task) {}

  private Lent lend() {
    long owner = quern.manager(1);
    WireTask root = start("a");
    long other = quern.manager(1);
    WireTask task = quern.child(owner, root, 0, 0);
    quern.say(owner, new FromManager.Submit(List.of(task)));
    assertThat(quern.tasksOf(other)).containsExactly(task);
    return new Lent(owner, other, task);
  }
}
