package io.quern.bqskit;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireTask;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeldTasksTest {
  private static final WireAddress ROOT = WireAddress.root(1);
  private static final WireAddress FIRST = new WireAddress(0, 7, 0);
  private static final WireAddress SECOND = new WireAddress(0, 7, 1);
  private static final WireAddress BELOW = new WireAddress(3, 0, 0);

  /// Room for one long message and two short ones.
  private final HeldTasks held = new HeldTasks(1000);

  @BeforeEach
  void handOut() {
    PythonManager manager = new PythonManager(1, "m", BqskitHarness.START, 100, 200);
    held.put(task(FIRST, ROOT), manager);
    held.put(task(SECOND, ROOT), manager);
    held.put(task(BELOW, ROOT, FIRST), manager);
  }

  private static WireTask task(WireAddress address, WireAddress... breadcrumbs) {
    return new WireTask(address, 1, List.of(breadcrumbs), PlainPython.value("task"));
  }

  private static PickledValue message(int length) {
    return PlainPython.value("x".repeat(length));
  }

  private HeldTasks.Held held(WireAddress address) {
    return Objects.requireNonNull(held.get(address));
  }

  @Test
  void messageIsKeptForEachOfItsTasksAndCountedOnce() {
    held.communicated(List.of(FIRST, SECOND, SECOND, new WireAddress(9, 9, 9)), message(600));
    assertThat(held.messageBytes()).isBetween(600L, 800L);
    held.communicated(List.of(FIRST), message(3));
    assertThat(held(FIRST).messages()).containsExactly(message(600), message(3));
    assertThat(held(SECOND).messages()).containsExactly(message(600));
    assertThat(held(BELOW).messages()).isEmpty();
  }

  @Test
  void roomComesBackWhenTheLastTaskThatKeepsAMessageIsForgotten() {
    held.communicated(List.of(FIRST, SECOND), message(600));
    held.remove(FIRST);
    assertThat(held.messageBytes()).isGreaterThan(600);
    held.remove(SECOND);
    assertThat(held.messageBytes()).isZero();

    held.communicated(List.of(BELOW), message(600));
    held.removeWithDescendants(ROOT);
    assertThat(held.messageBytes()).isZero();
    assertThat(held.size()).isZero();
  }

  @Test
  void taskOfAMessageWithoutRoomIsNotRepeatableAndKeepsNothing() {
    held.communicated(List.of(FIRST, SECOND), message(300));
    held.communicated(List.of(FIRST), message(800));

    assertThat(held(FIRST).isRepeatable()).isFalse();
    assertThat(held(FIRST).messages()).isEmpty();
    assertThat(held(SECOND).isRepeatable()).isTrue();
    assertThat(held(SECOND).messages()).containsExactly(message(300));

    held.communicated(List.of(FIRST), message(1));
    assertThat(held(FIRST).messages()).as("it would not be all of them").isEmpty();
    held.remove(FIRST);
    held.remove(SECOND);
    assertThat(held.messageBytes()).isZero();
  }

  @Test
  void manyMessagesWithoutContentTakeRoomToo() {
    for (int i = 0; i < 100; i++) {
      held.communicated(List.of(FIRST), message(0));
    }
    assertThat(held(FIRST).isRepeatable()).isFalse();
    assertThat(held.messageBytes()).isZero();
  }
}
