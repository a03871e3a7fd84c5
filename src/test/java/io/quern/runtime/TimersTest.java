package io.quern.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimersTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final Timers timers = new Timers();
  private final List<String> fired = new ArrayList<>();

  @Test
  void whatIsDueFiresInOrderOfTime() {
    timers.schedule(NOON.plusSeconds(2), () -> fired.add("later"));
    timers.schedule(NOON.plusSeconds(1), () -> fired.add("second"));
    timers.schedule(NOON, () -> fired.add("first"));
    timers.fire(NOON.plusSeconds(1));
    assertThat(fired).containsExactly("first", "second");
    assertThat(timers.next()).isEqualTo(NOON.plusSeconds(2));
  }

  @Test
  void oneThatFailsLeavesTheOthersForTheNextTime() {
    timers.schedule(
        NOON,
        () -> {
          throw new IllegalStateException("out of order");
        });
    timers.schedule(NOON, () -> fired.add("other"));
    assertThatThrownBy(() -> timers.fire(NOON)).hasMessage("out of order");
    assertThat(timers.next()).isEqualTo(NOON);
    timers.fire(NOON);
    assertThat(fired).containsExactly("other");
    assertThat(timers.next()).isNull();
  }

  @Test
  void whatAnActionSchedulesWaitsForTheNextTime() {
    timers.schedule(NOON, () -> timers.schedule(NOON, () -> fired.add("again")));
    timers.fire(NOON);
    assertThat(fired).isEmpty();
    timers.fire(NOON);
    assertThat(fired).containsExactly("again");
  }
}
