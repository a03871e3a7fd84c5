package io.quern.web.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.web.json.JsonReader.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
  private static final Map<String, Field<List<Object>>> FIELDS =
      Map.of(
          "name", (all, in) -> all.add(in.string()),
          "count", (all, in) -> all.add(in.integer()),
          "ratio", (all, in) -> all.add(in.number()),
          "flag", (all, in) -> all.add(in.bool()),
          "list", (all, in) -> all.add(in.strings("names")),
          "any", (all, in) -> all.add(in.value()),
          "inner", (all, in) -> in.object("an inner", all, Map.of()));

  @Test
  void valuesAreReadInTheOrderGiven() {
    assertThat(
            read(
                "{\"flag\": true, \"list\": [\"a\", \"\\u00e9\"], \"count\": -9007199254740993,"
                    + " \"ratio\": 1e-3, \"name\": \"x\", \"inner\": {}}"))
        .containsExactly(true, List.of("a", "\u00e9"), -9007199254740993L, 0.001, "x");
  }

  @Test
  void placeOfAMistakeIsToldByLineColumnAndPointer() {
    assertThatThrownBy(() -> read("{\n  \"list\": [\"a\",\n    7]}"))
        .isInstanceOfSatisfying(
            QuernException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.MALFORMED_JSON);
              assertThat(failure).hasMessage("expected a string, found the number 7");
              assertThat(failure.details())
                  .containsEntry("line", 3)
                  .containsEntry("column", 5)
                  .containsEntry("pointer", "/list/1")
                  .containsEntry("expected", List.of("a string"))
                  .containsEntry("found", "the number 7");
            });
  }

  @Test
  void unknownFieldListsTheKnownOnes() {
    assertThatThrownBy(() -> read("{\"nmae\": 1}"))
        .isInstanceOfSatisfying(
            QuernException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.UNKNOWN_FIELD);
              assertThat(failure.details())
                  .containsEntry("field", "nmae")
                  .containsEntry(
                      "known", List.of("any", "count", "flag", "inner", "list", "name", "ratio"));
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "{]",
        "nul",
        "{\"name\"}",
        "{\"name\":}",
        "{\"name\":\"a\",}",
        "{name:\"a\"}",
        "{'name':'a'}",
        "{\"name\":\"a\nb\"}",
        "{\"name\":\"\\x\"}",
        "{\"count\":01}",
        "{\"count\":+1}",
        "{\"ratio\":.5}",
        "{\"ratio\":1e999}",
        "{\"name\":\"a\"} {}",
        "{\"name\":\"a\"}]",
        "// c\n{}",
        "{\"name\":\"a\" /* c */}",
        "{\"name\":\"\\ud800\"",
        "{\"count\":1.5}",
        "{\"flag\":\"true\"}",
        "[{}]",
        "\"x\"",
        "5"
      })
  void textThatIsNotWhatWasAskedForIsRefused(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            QuernException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.MALFORMED_JSON);
              assertThat(failure.details()).containsKeys("line", "column", "pointer");
            });
  }

  @Test
  void depthNeverReachesTheStack() {
    assertThatThrownBy(() -> read("{\"list\": " + "[".repeat(1_000_000)))
        .isInstanceOf(QuernException.class);
    assertThatThrownBy(() -> read("{\"inner\": ".repeat(1_000_000)))
        .isInstanceOf(QuernException.class);
  }

  @Test
  void tooDeepNestingIsRefusedWhereItIs() {
    assertThatThrownBy(() -> read("{\"any\": ".repeat(40)))
        .isInstanceOfSatisfying(
            QuernException.class,
            failure -> {
              assertThat(failure).hasMessageContaining("nesting");
              assertThat((Integer) failure.details().get("column")).isBetween(250, 270);
            });
  }

  @Test
  void treeOfTooManyValuesIsNotBuilt() {
    assertThatThrownBy(() -> read("{\"any\": [" + "[],".repeat(100_000) + "[]]}"))
        .isInstanceOf(QuernException.class)
        .hasMessageContaining("at most 100000 values");
  }

  @Test
  void longValuesAreCutInMessages() {
    assertThatThrownBy(() -> read("{\"" + "x".repeat(900) + "\": 1}"))
        .isInstanceOfSatisfying(
            QuernException.class, failure -> assertThat(failure.getMessage()).hasSizeLessThan(200));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void mutatedTextIsReadOrRefusedNeverAnythingElse(long seed) {
    Random random = new Random(seed);
    String good = "{\"name\": \"a\\n\\u0041\", \"list\": [\"b\", \"c\"], \"ratio\": -1.5e3}";
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder(good);
      for (int k = 1 + random.nextInt(3); k > 0; k--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, (char) random.nextInt(0x250));
          default -> text.insert(at, good, 0, random.nextInt(good.length()));
        }
      }
      try {
        read(text.toString());
      } catch (QuernException e) {
        assertThat(e.details()).containsKeys("line", "column", "pointer");
      }
    }
  }

  private static List<Object> read(String text) {
    List<Object> all = new ArrayList<>();
    try (JsonReader in = JsonReader.open(text)) {
      in.object("a thing", all, FIELDS);
      in.end();
    }
    return all;
  }
}
