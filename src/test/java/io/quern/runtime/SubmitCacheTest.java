package io.quern.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTaskId;
import org.junit.jupiter.api.Test;

class SubmitCacheTest {
  private final SubmitCache cache = new SubmitCache();

  private static RuntimeTaskId task(int number) {
    return new RuntimeTaskId(new RuntimeAddress(12, number, 0), 1);
  }

  @Test
  void tasksAfterTheSubmitThatWasReadAreOnTheWay() {
    cache.add(task(1), 3);
    cache.add(task(2), 5);
    cache.add(task(3), 7);
    assertThat(cache.numTasksSince(null)).isEqualTo(15);
    assertThat(cache.numTasksSince(task(2))).isEqualTo(7);
    assertThat(cache.numTasksSince(task(3))).isZero();
  }

  @Test
  void whatWasReadIsForgottenButTheNewestOfIt() {
    cache.add(task(1), 1);
    cache.add(task(2), 1);
    cache.numTasksSince(task(2));
    assertThat(cache.isReceipt(task(1))).isFalse();
    assertThat(cache.isReceipt(task(2))).isTrue();
  }

  @Test
  void resultOfATaskIsAReceiptForTheSubmitItCameWith() {
    cache.add(task(1), 1);
    long second = cache.add(task(2), 1);
    assertThat(second).isEqualTo(cache.newest());
    cache.readUpTo(second);
    assertThat(cache.isReceipt(task(1))).isFalse();
    assertThat(cache.isReceipt(task(2))).isTrue();
  }

  @Test
  void taskThatWasGivenBackIsNoReceiptSinceItMayBeSentAgain() {
    cache.add(task(1), 4);
    cache.add(task(2), 4);
    cache.givenBack(task(7));
    assertThat(cache.numTasksSince(null)).isEqualTo(8);
    cache.givenBack(task(1));
    assertThat(cache.isReceipt(task(1))).isFalse();
    assertThat(cache.numTasksSince(null)).isEqualTo(4);
    cache.add(task(1), 1);
    assertThat(cache.numTasksSince(task(1))).isZero();
  }
}
