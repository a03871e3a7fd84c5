package io.quern.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quern.failure.QuernException;
import io.quern.web.json.JsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonMessagesTest {
  private static QuernException failure(String body) {
    return catchThrowableOfType(QuernException.class, () -> SubmissionBatch.read(body, 10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"tasks\":[{}", "{\"tasks\":[{}}", "{\"tasks\":NaN}"})
  void parsersOwnSettingsAreNotTold(String body) {
    assertThat(failure(body))
        .hasMessageStartingWith("expected valid JSON, found at line 1, column ")
        .hasMessageNotContainingAny("Source", "Feature", "offset");
  }

  @Test
  void emptyBodyHasItsMistakeInColumnOne() {
    JsonReader empty = JsonReader.open("");
    assertThat(empty.malformed("an object", empty.found()).details())
        .containsEntry("line", 1)
        .containsEntry("column", 1);
  }
}
