package io.quern.runtime;

import static io.quern.worker.WorkerDriver.child;
import static io.quern.worker.WorkerDriver.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.RuntimeTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Who gets what waits.
class AssignmentTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final long WORK_AHEAD = 1_000_000;

  private final Employees employees = new Employees();
  private final Departures departures = new Departures(employees, () -> NOW);
  private final CostEstimates costs = new CostEstimates();
  private final ReadyTasks waiting = new ReadyTasks();
  private final Assignment assignment =
      new Assignment(
          employees,
          departures,
          costs,
          WorkAhead.ofNanos(WORK_AHEAD),
          task -> false,
          employee -> false);
  private long mailboxes;

  private RuntimeEmployee employee(long number, int slots) {
    LinkId link = new LinkId(number);
    RuntimeEmployee employee =
        new RuntimeEmployee(
            link, new IdBlock(number, number + 1), false, false, EmployeePhase.table());
    employee.started(slots);
    employees.put(link, employee);
    return employee;
  }

  private List<RuntimeTask> tasks(int number) {
    RuntimeTask parent = root(++mailboxes);
    List<RuntimeTask> tasks = new ArrayList<>();
    for (int slot = 0; slot < number; slot++) {
      tasks.add(child(parent, 99, mailboxes, slot));
    }
    return tasks;
  }

  /// All tasks here run the same function.
  private void eachTakes(long nanos) {
    costs.saw(root(1).function(), nanos);
  }

  private void add(int number) {
    waiting.add(tasks(number), false);
  }

  /// How many each employee gets.
  private Map<RuntimeEmployee, Integer> assigned() {
    Map<RuntimeEmployee, Integer> numbers = new HashMap<>();
    assignment
        .assignTasks(waiting, new LabelledTasks())
        .forEach((employee, tasks) -> numbers.put(employee, tasks.size()));
    return numbers;
  }

  @Test
  void ofBusyEmployeesTheOneWithTheFewestTasksIsNext() {
    RuntimeEmployee first = employee(1, 1);
    RuntimeEmployee second = employee(2, 1);
    RuntimeEmployee third = employee(3, 1);
    eachTakes(10_000);
    first.submitted(tasks(6), costs);
    second.submitted(tasks(2), costs);
    third.submitted(tasks(4), costs);
    add(2);
    assertThat(assigned()).isEqualTo(Map.of(second, 2));
    add(6);
    assertThat(assigned())
        .as("nothing of the first round was sent, so the second is filled up to the third")
        .isEqualTo(Map.of(second, 4, third, 2));
  }

  @Test
  void idleSlotsAreFilledBeforeAnybodyWorksAhead() {
    RuntimeEmployee busy = employee(1, 1);
    RuntimeEmployee idle = employee(2, 3);
    eachTakes(10_000);
    busy.submitted(tasks(1), costs);
    idle.submitted(tasks(2), costs);
    add(1);
    assertThat(assigned()).as("it has more tasks, and a free slot").isEqualTo(Map.of(idle, 1));
  }

  @Test
  void nobodyIsGivenMoreAheadThanTheWorkOfAMillisecondASlot() {
    RuntimeEmployee narrow = employee(1, 1);
    RuntimeEmployee wide = employee(2, 4);
    eachTakes(WORK_AHEAD / 10);
    add(100);
    assertThat(assigned()).isEqualTo(Map.of(narrow, 10, wide, 40));
    assertThat(waiting.size()).as("they go to whoever is free first").isEqualTo(50);
  }

  @Test
  void employeesThatAreAlikeTakeTurns() {
    List<RuntimeEmployee> all = List.of(employee(1, 1), employee(2, 1), employee(3, 1));
    List<RuntimeEmployee> chosen = new ArrayList<>();
    for (int round = 0; round < 6; round++) {
      add(1);
      chosen.addAll(assigned().keySet());
    }
    assertThat(chosen.subList(0, 3)).containsExactlyInAnyOrderElementsOf(all);
    assertThat(chosen.subList(3, 6)).isEqualTo(chosen.subList(0, 3));
  }

  @Test
  void employeesThatAreAlikeAndBusyTakeTurnsToo() {
    List<RuntimeEmployee> all = List.of(employee(1, 1), employee(2, 1));
    eachTakes(10_000);
    all.forEach(each -> each.submitted(tasks(1), costs));
    List<RuntimeEmployee> chosen = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      add(1);
      chosen.addAll(assigned().keySet());
    }
    assertThat(chosen).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void nothingLongIsPlacedWithWhoLeavesSoonWhileAnotherStays() {
    RuntimeEmployee leaving = employee(1, 4);
    RuntimeEmployee staying = employee(2, 1);
    departures.announce(leaving.link(), NOW.plusSeconds(5));
    add(2);
    assertThat(assigned()).as("it may take 30 s").isEqualTo(Map.of(staying, 1));
    assertThat(waiting.size()).as("the other waits").isEqualTo(1);
    eachTakes(5_000_000_001L);
    assertThat(assigned()).as("it takes a moment too long").isEqualTo(Map.of(staying, 1));
  }

  @Test
  void whatEndsBeforeItLeavesIsPlacedWithWhoLeavesSoon() {
    RuntimeEmployee leaving = employee(1, 4);
    RuntimeEmployee staying = employee(2, 1);
    departures.announce(leaving.link(), NOW.plusSeconds(5));
    eachTakes(5_000_000_000L);
    add(5);
    assertThat(assigned()).isEqualTo(Map.of(leaving, 4, staying, 1));
  }

  @Test
  void whereEverybodyLeavesSoonWorkGoesOn() {
    RuntimeEmployee first = employee(1, 2);
    RuntimeEmployee second = employee(2, 1);
    departures.announce(first.link(), NOW.plusSeconds(5));
    departures.announce(second.link(), NOW.plusSeconds(5));
    add(3);
    assertThat(assigned()).isEqualTo(Map.of(first, 2, second, 1));
  }

  @Test
  void whatIsForgottenOfALeaveHoldsNothingBack() {
    RuntimeEmployee first = employee(1, 2);
    employee(2, 1);
    departures.announce(first.link(), NOW.plusSeconds(5));
    departures.forget(first.link());
    add(1);
    assertThat(assigned()).isEqualTo(Map.of(first, 1));
  }
}
