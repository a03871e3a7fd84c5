package io.quern.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Times as people write them: `500ms`, `30s`, `10m`, `2h`, `1d`.
public final class Durations {
  /// Enough for centuries in milliseconds, few enough never to overflow.
  private static final int MAX_DIGITS = 12;

  private Durations() {}

  /// The time, or null if the text is none.
  public static @Nullable Duration parse(String text) {
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    if (digits == 0 || digits > MAX_DIGITS) {
      return null;
    }
    long amount = Long.parseLong(text, 0, digits, 10);
    return switch (text.substring(digits)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(Math.min(amount, 1_000_000));
      default -> null;
    };
  }

  /// The text of a time, in seconds if they suffice.
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 != 0 ? millis + "ms" : millis / 1000 + "s";
  }
}
