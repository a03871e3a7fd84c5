package io.quern.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.failure.QuernException;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParametersTest {
  private static QueryParameters parse(String time) {
    return QueryParameters.parse("at=" + time, Set.of("at"), Set.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1000000000-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "%2B10000-01-01T00:00:00Z",
        "%2B1000000000-12-31T23:59:59Z",
        "yesterday",
        ""
      })
  void timesNoTaskCanHaveAreRefused(String time) {
    QueryParameters given = parse(time);
    assertThatThrownBy(() -> given.instant("at"))
        .isInstanceOf(QuernException.class)
        .hasMessageStartingWith("expected a time in UTC such as 2026-11-23T08:00:00Z");
  }

  @Test
  void timesAreReadToTheNanosecond() {
    assertThat(parse("2026-11-23T08:00:00.123456789Z").instant("at"))
        .isEqualTo(Instant.parse("2026-11-23T08:00:00.123456789Z"));
  }
}
