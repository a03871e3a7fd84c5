package io.quern.web.json;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// Reads one JSON text in a single pass, guided by what the caller expects next. Nothing is kept
/// that was not asked for, and the caller's own nesting is the only recursion, so neither depth nor
/// size of a body can exhaust stack or memory.
///
/// Every mistake is a [QuernException] of `MALFORMED_JSON` or `UNKNOWN_FIELD` that names what was
/// expected, what was found, line, column and JSON pointer (RFC 6901).
public final class JsonReader implements AutoCloseable {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_SHOWN = 40;

  /// Values of which a tree is built; each takes many times the bytes it was sent in.
  private static final int MAX_VALUES = 100_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(100)
                  .maxNameLength(1_000)
                  // The size of the body is bounded before it comes here.
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /// Where the source was, had it been kept, and which switch of the parser allows what it refuses.
  private static final Pattern FOR_PROGRAMMERS =
      Pattern.compile(
          " \\([^()]* at \\[Source: [^\\]]*\\]\\)|: enable `[^`]*` to allow|,? ?\\(?(\\d+, )?from"
              + " `[^`]*`\\)?");

  private final JsonParser parser;
  private @Nullable JsonToken token;
  private boolean isBroken;
  private int values;

  private JsonReader(JsonParser parser) {
    this.parser = parser;
  }

  /// Opens a text and stands on its first value.
  public static JsonReader open(String text) {
    JsonReader reader = new JsonReader(FACTORY.createParser(ObjectReadContext.empty(), text));
    reader.advance();
    return reader;
  }

  /// Reads one field of an object into the target; the reader stands on the field's value.
  @FunctionalInterface
  public interface Field<T> {
    void read(T target, JsonReader in);
  }

  /// Reads an object whose fields may come in any order, each at most once.
  ///
  /// @param what names the object in messages, such as `a submission`
  public <T> void object(String what, T target, Map<String, Field<T>> fields) {
    expect(JsonToken.START_OBJECT, "an object (" + what + ")");
    Set<String> seen = new HashSet<>();
    advance();
    while (token != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      Field<T> field = fields.get(name);
      if (field == null) {
        throw unknown(name, what, fields.keySet());
      }
      if (!seen.add(name)) {
        throw malformed("each field once", "the field '" + name + "' again");
      }
      advance();
      field.read(target, this);
      advance();
    }
  }

  /// Reads an array, one element by each call.
  ///
  /// @param what names the array in messages
  public void array(String what, Consumer<JsonReader> element) {
    expect(JsonToken.START_ARRAY, "an array (" + what + ")");
    advance();
    while (token != JsonToken.END_ARRAY) {
      element.accept(this);
      advance();
    }
  }

  public String string() {
    expect(JsonToken.VALUE_STRING, "a string");
    String text = parser.getString();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw malformed(
            "characters of Unicode", "half of one, \\u%04x, in a string".formatted((int) c));
      }
    }
    return text;
  }

  public List<String> strings(String what) {
    List<String> all = new ArrayList<>();
    array(what, in -> all.add(in.string()));
    return all;
  }

  public boolean bool() {
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw malformed("true or false", found());
    }
    return token == JsonToken.VALUE_TRUE;
  }

  public long integer() {
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw malformed("an integer", found());
    }
    JsonParser.NumberType type = parser.getNumberType();
    if (type == JsonParser.NumberType.BIG_INTEGER) {
      throw malformed("an integer of 64 bits", found());
    }
    return parser.getLongValue();
  }

  public int smallInteger() {
    long value = integer();
    if (value != (int) value) {
      throw malformed("an integer of 32 bits", found());
    }
    return (int) value;
  }

  public double number() {
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      throw malformed("a number", found());
    }
    double value = parser.getDoubleValue();
    if (Double.isInfinite(value)) {
      throw malformed("a number of 64 bits", found());
    }
    return value;
  }

  /// Any value: lists, maps in their order, strings, numbers, booleans; null for null.
  public @Nullable Object value() {
    values++;
    if (values > MAX_VALUES) {
      throw malformed("at most " + MAX_VALUES + " values", "more");
    }
    if (isArray()) {
      List<@Nullable Object> all = new ArrayList<>();
      array("values", in -> all.add(in.value()));
      return all;
    }
    if (isObject()) {
      Map<String, @Nullable Object> all = new LinkedHashMap<>();
      advance();
      while (token != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        if (all.containsKey(name)) {
          throw malformed("each field once", "the field '" + name + "' again");
        }
        advance();
        all.put(name, value());
        advance();
      }
      return all;
    }
    if (isNull()) {
      return null;
    }
    if (isString()) {
      return string();
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return bool();
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      long whole = integer();
      return whole == (int) whole ? (Object) (int) whole : (Object) whole;
    }
    return number();
  }

  public boolean isNull() {
    return token == JsonToken.VALUE_NULL;
  }

  public boolean isString() {
    return token == JsonToken.VALUE_STRING;
  }

  public boolean isArray() {
    return token == JsonToken.START_ARRAY;
  }

  public boolean isObject() {
    return token == JsonToken.START_OBJECT;
  }

  /// Whether the text is no JSON, so that nothing after this place can be read.
  public boolean isBroken() {
    return isBroken;
  }

  /// How deep the value stands; goes to [#skipTo].
  public int depth() {
    return parser.streamReadContext().getNestingDepth();
  }

  /// Leaves a value in whose middle reading stopped, so that the next element can be read.
  ///
  /// @param depth what [#depth] said on the value's opening token
  public void skipTo(int depth) {
    while (parser.streamReadContext().getNestingDepth() >= depth) {
      if (token == null) {
        return;
      }
      advance();
    }
  }

  /// Demands that nothing follows the value just read.
  public void end() {
    advance();
    if (token != null) {
      throw malformed("the end of the body", found());
    }
  }

  /// A mistake in the value the reader stands on.
  public QuernException malformed(String expected, String found) {
    TokenStreamLocation at = parser.currentTokenLocation();
    // The place of a text without any token is column 0.
    return failure(expected, found, at.getLineNr(), Math.max(1, at.getColumnNr()));
  }

  /// The value the reader stands on, as messages name it.
  public String found() {
    if (token == null) {
      return "the end of the body";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case END_OBJECT -> "'}'";
      case END_ARRAY -> "']'";
      case VALUE_STRING -> "the string \"" + shorten(parser.getString()) + "\"";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number " + shorten(parser.getString());
      case VALUE_NULL -> "null";
      case VALUE_TRUE -> "true";
      case VALUE_FALSE -> "false";
      case PROPERTY_NAME -> "the field '" + shorten(parser.currentName()) + "'";
      case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> token.toString();
    };
  }

  @Override
  public void close() {
    parser.close();
  }

  private void expect(JsonToken expected, String what) {
    if (token != expected) {
      throw malformed(what, found());
    }
  }

  private void advance() {
    try {
      token = parser.nextToken();
      if (token == JsonToken.VALUE_STRING) {
        // Strings are read lazily; reading here brings their mistakes to this one catch.
        parser.getStringLength();
      }
    } catch (JacksonException e) {
      isBroken = true;
      // What breaks a bound of the parser's own comes without a place.
      TokenStreamLocation told = e.getLocation();
      TokenStreamLocation at =
          told == null || TokenStreamLocation.NA.equals(told) ? parser.currentLocation() : told;
      throw syntax(message(e), at.getLineNr(), at.getColumnNr());
    }
  }

  /// The parser's first line, without what it says to those who configure it.
  private static String message(JacksonException e) {
    String message = e.getOriginalMessage();
    return message == null
        ? "invalid JSON"
        : FOR_PROGRAMMERS
            .matcher(message.lines().findFirst().orElse("invalid JSON"))
            .replaceAll("");
  }

  private QuernException syntax(String message, int line, int column) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("line", line);
    details.put("column", column);
    details.put("pointer", pointer());
    return new QuernException(
        ErrorCode.MALFORMED_JSON,
        "expected valid JSON, found at line %d, column %d: %s".formatted(line, column, message),
        details);
  }

  private QuernException failure(String expected, String found, int line, int column) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("line", line);
    details.put("column", column);
    details.put("pointer", pointer());
    details.put("expected", List.of(expected));
    details.put("found", found);
    return new QuernException(
        ErrorCode.MALFORMED_JSON, "expected %s, found %s".formatted(expected, found), details);
  }

  private QuernException unknown(String name, String what, Set<String> known) {
    TokenStreamLocation at = parser.currentTokenLocation();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("line", at.getLineNr());
    details.put("column", at.getColumnNr());
    details.put("pointer", shorten(pointer()));
    details.put("field", shorten(name));
    details.put("known", List.copyOf(new TreeSet<>(known)));
    return new QuernException(
        ErrorCode.UNKNOWN_FIELD,
        "expected a field of %s, found '%s'".formatted(what, shorten(name)),
        details);
  }

  private String pointer() {
    return parser.streamReadContext().pathAsPointer().toString();
  }

  private static String shorten(String text) {
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
  }
}
