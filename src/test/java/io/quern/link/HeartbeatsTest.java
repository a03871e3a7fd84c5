package io.quern.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The thread that looks after all links.
class HeartbeatsTest {
  private static final long USUAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  @Test
  void timeInWhichItStoodStillIsGrantedToEveryPeer() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<Long> granted = new CompletableFuture<>();
    Heartbeats.Watched standsStill = (_, _) -> awaitQuietly(goOn);
    Heartbeats.Watched peer =
        (_, nanos) -> {
          if (nanos > 0) {
            granted.complete(nanos);
          }
        };
    Heartbeats.SHARED.add(standsStill);
    Heartbeats.SHARED.add(peer);
    try {
      await("its being late").until(Heartbeats.SHARED::lateNanos, late -> late > 2 * USUAL_NANOS);
      goOn.countDown();
      assertThat(granted.get(2, TimeUnit.MINUTES))
          .as("nanoseconds granted")
          .isGreaterThan(USUAL_NANOS);
    } finally {
      goOn.countDown();
      Heartbeats.SHARED.remove(standsStill);
      Heartbeats.SHARED.remove(peer);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
