package io.quern.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.util.unit.DataSize;

class RequestBodiesTest {
  private static final DataSize LIMIT = DataSize.ofMegabytes(1);

  private final RequestBodies bodies =
      new RequestBodies(
          new Binder(
                  new MapConfigurationPropertySource(
                      Map.of("quern.limits.body", "1MB", "quern.limits.bodies", "2MB")))
              .bindOrCreate("quern.limits", LimitsProperties.class),
          Duration.ofMillis(1));

  @Test
  void twoOfTheLargestFitAndAThirdIsRefusedUntilOneHasLeft() throws InterruptedException {
    RequestBodies.Room first = bodies.enter(ofLength(1 << 20));
    try (RequestBodies.Room second = bodies.enter(ofUnknownLength(70_000))) {
      second.reach(65_537);
      second.reach(1 << 20);
      assertThatThrownBy(() -> bodies.enter(ofLength(1 << 20)))
          .isInstanceOfSatisfying(
              QuernException.class,
              refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_MANY_BODIES))
          .hasMessageContaining("found no room for 1024 KiB");
      first.close();
      bodies.enter(ofLength(1 << 20)).close();
    }
  }

  @Test
  void smallBodiesAlwaysComeIn() throws InterruptedException {
    try (RequestBodies.Room _ = bodies.enter(ofLength(1 << 20));
        RequestBodies.Room _ = bodies.enter(ofLength(1 << 20))) {
      assertThat(bodies.enter(ofLength(65_536))).isNotNull();
      assertThatThrownBy(() -> bodies.enter(ofLength(65_537))).isInstanceOf(QuernException.class);
    }
  }

  @Test
  void bodyThatDoesNotSayItsLengthWaitsForLargeOnesOnlyIfItIsLargeItself() throws Exception {
    try (RequestBodies.Room _ = bodies.enter(ofLength(1 << 20));
        RequestBodies.Room _ = bodies.enter(ofLength(1 << 20));
        RequestBodies.Room small = bodies.enter(ofUnknownLength(65_536));
        RequestBodies.Room large = bodies.enter(ofUnknownLength(65_537))) {
      assertThat(RequestBody.read(ofUnknownLength(65_536), LIMIT, small::reach).text())
          .hasSize(65_536);
      assertThatThrownBy(() -> RequestBody.read(ofUnknownLength(65_537), LIMIT, large::reach))
          .isInstanceOfSatisfying(
              QuernException.class,
              refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_MANY_BODIES));
    }
    try (RequestBodies.Room large = bodies.enter(ofUnknownLength(65_537))) {
      assertThat(RequestBody.read(ofUnknownLength(65_537), LIMIT, large::reach).text())
          .hasSize(65_537);
    }
  }

  @Test
  void bodyThatTricklesInIsGivenUp() throws Exception {
    MockHttpServletRequest request = ofLength(100_000);
    AtomicLong seconds = new AtomicLong();
    assertThat(RequestBody.read(request, LIMIT, _ -> {}, seconds::get).text()).hasSize(100_000);
    assertThatThrownBy(
            () ->
                RequestBody.read(
                    ofLength(100_000),
                    LIMIT,
                    _ -> {},
                    () -> seconds.getAndAdd(70) * 1_000_000_000L))
        .isInstanceOf(QuernException.class)
        .hasMessageContaining("within 120 s, found 100000 bytes");
  }

  private static MockHttpServletRequest ofLength(int bytes) {
    MockHttpServletRequest request = new MockHttpServletRequest("POST", "/tasks");
    request.setContent(new byte[bytes]);
    return request;
  }

  private static MockHttpServletRequest ofUnknownLength(int bytes) {
    MockHttpServletRequest request =
        new MockHttpServletRequest("POST", "/tasks") {
          @Override
          public long getContentLengthLong() {
            return -1;
          }
        };
    request.setContent(new byte[bytes]);
    return request;
  }
}
