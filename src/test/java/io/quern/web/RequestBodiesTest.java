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
    try (RequestBodies.Room _ = bodies.enter(ofUnknownLength())) {
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
  void bodyThatTricklesInIsGivenUp() throws Exception {
    MockHttpServletRequest request = ofLength(100_000);
    AtomicLong seconds = new AtomicLong();
    DataSize limit = DataSize.ofMegabytes(1);
    assertThat(RequestBody.read(request, limit, seconds::get).text()).hasSize(100_000);
    assertThatThrownBy(
            () ->
                RequestBody.read(
                    ofLength(100_000), limit, () -> seconds.getAndAdd(70) * 1_000_000_000L))
        .isInstanceOf(QuernException.class)
        .hasMessageContaining("within 120 s, found 100000 bytes");
  }

  private static MockHttpServletRequest ofLength(int bytes) {
    MockHttpServletRequest request = ofUnknownLength();
    request.setContent(new byte[bytes]);
    return request;
  }

  private static MockHttpServletRequest ofUnknownLength() {
    return new MockHttpServletRequest("POST", "/tasks");
  }
}
