package io.quern.web;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The query of a request, read from its text and nothing else: the container would read the body
/// too, because curl calls every body a form.
final class QueryParameters {
  /// No task is from another time, and databases differ in what lies beyond.
  private static final Instant EARLIEST = Instant.EPOCH;

  private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

  private final Map<String, List<String>> values;

  private QueryParameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /// @param query the raw query, null if there is none
  /// @param known every parameter the call knows
  /// @param repeatable those that may come more than once
  static QueryParameters parse(@Nullable String query, Set<String> known, Set<String> repeatable) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    if (query == null || query.isEmpty()) {
      return new QueryParameters(values);
    }
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      if (!known.contains(name)) {
        throw unknown(name, known);
      }
      List<String> all = values.computeIfAbsent(name, n -> new ArrayList<>());
      if (!all.isEmpty() && !repeatable.contains(name)) {
        throw invalid(name, "once", "it again", pair);
      }
      all.add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
    }
    return new QueryParameters(values);
  }

  @Nullable String first(String name) {
    List<String> all = values.get(name);
    return all == null ? null : all.getFirst();
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  @Nullable Long integer(String name, long least, long most) {
    String text = first(name);
    if (text == null) {
      return null;
    }
    String expected =
        least == Long.MIN_VALUE || least == Integer.MIN_VALUE
            ? "an integer"
            : most == Long.MAX_VALUE
                ? "an integer from " + least
                : "an integer from " + least + " to " + most;
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw invalid(name, expected, "'" + text + "'", text);
    }
    throw invalid(name, expected, text, text);
  }

  @Nullable Double number(String name) {
    String text = first(name);
    if (text == null) {
      return null;
    }
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw invalid(name, "a number", "'" + text + "'", text);
    }
    throw invalid(name, "a finite number", text, text);
  }

  @Nullable Boolean bool(String name) {
    String text = first(name);
    return switch (text) {
      case null -> null;
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(name, "true or false", "'" + text + "'", text);
    };
  }

  @Nullable Instant instant(String name) {
    String text = first(name);
    if (text == null) {
      return null;
    }
    String expected = "a time in UTC such as 2026-11-23T08:00:00Z";
    try {
      Instant instant = Instant.parse(text);
      if (!instant.isBefore(EARLIEST) && instant.isBefore(LATEST)) {
        return instant;
      }
    } catch (DateTimeParseException e) {
      throw invalid(name, expected, "'" + text + "'", text);
    }
    throw invalid(name, expected + " from 1970 to 9999", text, text);
  }

  static QuernException invalid(String name, String expected, String found, String value) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("parameter", name);
    details.put("expected", List.of(expected));
    details.put("found", shorten(value));
    return new QuernException(
        ErrorCode.INVALID_PARAMETER,
        "expected %s for '%s', found %s".formatted(expected, name, shorten(found)),
        details);
  }

  private static QuernException unknown(String name, Set<String> known) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("parameter", shorten(name));
    details.put("known", List.copyOf(new TreeSet<>(known)));
    String expected =
        known.isEmpty() ? "no query parameters here" : "a query parameter of this call";
    return new QuernException(
        ErrorCode.INVALID_PARAMETER,
        "expected %s, found '%s'".formatted(expected, shorten(name)),
        details);
  }

  private static String shorten(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }

  private static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text.replace('+', ' ');
    }
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(raw.length);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '%') {
        boolean complete = i + 2 < raw.length;
        int high = complete ? Character.digit(raw[i + 1], 16) : -1;
        int low = complete ? Character.digit(raw[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw malformed("'%' and two hexadecimal digits", text);
        }
        decoded.put((byte) (high << 4 | low));
        i += 2;
      } else {
        decoded.put(raw[i] == '+' ? (byte) ' ' : raw[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
    } catch (CharacterCodingException e) {
      throw malformed("UTF-8", text);
    }
  }

  private static QuernException malformed(String expected, String found) {
    return new QuernException(
        ErrorCode.MALFORMED_REQUEST,
        "expected %s in the query, found '%s'".formatted(expected, shorten(found)));
  }
}
