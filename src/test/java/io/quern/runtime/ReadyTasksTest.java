package io.quern.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.protocol.Breadcrumbs;
import io.quern.protocol.CompilationContext;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.Scheduling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Which of the runtime tasks that wait is next.
class ReadyTasksTest {
  private static final RuntimeFunction<String, String> SHORT =
      Fixtures.function("short", (argument, runtime) -> argument);
  private static final RuntimeFunction<String, String> LONG =
      Fixtures.function("long", (argument, runtime) -> argument);
  private static final RuntimeFunction<String, String> UNSEEN =
      Fixtures.function("unseen", (argument, runtime) -> argument);

  private static final RuntimeFunction<String, String> HALF_A_SECOND =
      Fixtures.function("half", (argument, runtime) -> argument);

  private final ReadyTasks tasks = new ReadyTasks();
  private final CostEstimates costs = new CostEstimates();
  private long mailboxes;

  ReadyTasksTest() {
    costs.saw(SHORT, 1_000_000);
    costs.saw(LONG, 10_000_000);
  }

  /// Children of one parent that come together.
  private void add(int number, String tenant, int priority, RuntimeFunction<?, ?> function) {
    RuntimeTaskId root =
        new RuntimeTaskId(new RuntimeAddress(RuntimeAddress.SERVER, ++mailboxes, 0), 1);
    CompilationContext compilation =
        new CompilationContext(
            Fixtures.taskId(mailboxes),
            root,
            tenant,
            LogLevel.INFO,
            -1,
            null,
            new Scheduling(priority, List.of()));
    Breadcrumbs trail = Breadcrumbs.NONE.then(root);
    List<RuntimeTask> batch = new ArrayList<>();
    for (int slot = 0; slot < number; slot++) {
      batch.add(
          new RuntimeTask(
              new RuntimeTaskId(new RuntimeAddress(12, mailboxes, slot), 1),
              trail,
              compilation,
              function,
              "argument"));
    }
    tasks.add(batch, false);
  }

  private RuntimeTask next() {
    RuntimeTask announced = Objects.requireNonNull(tasks.peek(), "none waits");
    RuntimeTask taken = tasks.remove(costs);
    assertThat(taken).isSameAs(announced);
    return taken;
  }

  private List<String> tenantsOfNext(int number) {
    List<String> tenants = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      tenants.add(next().compilation().tenant());
    }
    return tenants;
  }

  @Test
  void tenThousandTasksOfOneTenantDelayOneOfAnotherByOneTask() {
    add(10_000, "alice", 9, LONG);
    add(1, "bob", 0, LONG);
    assertThat(tenantsOfNext(3)).containsExactly("alice", "bob", "alice");
    assertThat(tasks.size()).isEqualTo(9_998);
  }

  @Test
  void tenantsShareTheTimeAndNotTheNumberOfTasks() {
    add(100, "alice", 5, LONG);
    add(100, "bob", 5, SHORT);
    List<String> order = tenantsOfNext(55);
    assertThat(Collections.frequency(order, "alice")).as("tasks of 10 ms").isEqualTo(5);
    assertThat(Collections.frequency(order, "bob")).as("tasks of 1 ms").isEqualTo(50);
    assertThat(order.subList(0, 12))
        .as("bob has his share at once and not at the end")
        .isEqualTo(
            List.of(
                "alice", "bob", "bob", "bob", "bob", "bob", "bob", "bob", "bob", "bob", "bob",
                "alice"));
  }

  @Test
  void functionThatNobodyHasSeenCountsAsASecondWhateverItMayTake() {
    costs.saw(HALF_A_SECOND, 500_000_000);
    add(3, "alice", 5, UNSEEN);
    add(100, "bob", 5, HALF_A_SECOND);
    assertThat(tenantsOfNext(6)).containsExactly("alice", "bob", "bob", "alice", "bob", "bob");
  }

  @Test
  void tenantThatComesLaterDoesNotCatchUpOnTimeItWasNotThere() {
    add(1_000, "alice", 5, SHORT);
    tenantsOfNext(500);
    add(500, "bob", 5, SHORT);
    List<String> order = tenantsOfNext(100);
    assertThat(Collections.frequency(order, "alice")).isBetween(49, 51);
    assertThat(order.subList(0, 4)).contains("alice", "bob");
  }

  @Test
  void tenantThatComesBackDoesNotPayForTimeItHadAlone() {
    add(500, "alice", 5, SHORT);
    tenantsOfNext(500);
    add(100, "bob", 5, SHORT);
    add(100, "alice", 5, SHORT);
    assertThat(Collections.frequency(tenantsOfNext(20), "alice")).isEqualTo(10);
  }

  @Test
  void higherPriorityOfATenantIsNextHoweverLateItCame() {
    for (int priority : new int[] {3, 0, 9, 5, 1}) {
      add(2, "alice", priority, SHORT);
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      order.add(next().compilation().scheduling().priority());
    }
    add(1, "alice", 4, SHORT);
    order.add(next().compilation().scheduling().priority());
    order.add(next().compilation().scheduling().priority());
    assertThat(order).containsExactly(9, 9, 5, 5, 3, 3, 1, 1, 0, 4, 0);
    assertThat(tasks.isEmpty()).isTrue();
  }

  @Test
  void batchThatCameLastIsNextInTheOrderOfItsSubmitter() {
    add(2, "alice", 5, SHORT);
    add(2, "alice", 5, SHORT);
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      RuntimeAddress address = next().id().address();
      order.add(address.mailbox() + "/" + address.slot());
    }
    assertThat(order).containsExactly("2/0", "2/1", "1/0", "1/1");
  }
}
