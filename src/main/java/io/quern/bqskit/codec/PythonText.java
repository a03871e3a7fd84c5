package io.quern.bqskit.codec;

import io.quern.bqskit.pickle.DictNode;
import io.quern.bqskit.pickle.ListNode;
import io.quern.bqskit.pickle.PickleNode;
import io.quern.bqskit.pickle.PickleNode.BigInt;
import io.quern.bqskit.pickle.PickleNode.Constant;
import io.quern.bqskit.pickle.PickleNode.Int;
import io.quern.bqskit.pickle.PickleNode.Real;
import io.quern.bqskit.pickle.TextNode;
import io.quern.bqskit.pickle.TupleNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Values as text, near to what Python's `str` and `%` make of them; good enough to be read by
/// people.
final class PythonText {
  private static final Pattern CONVERSION =
      Pattern.compile("%([-+ #0]*)(\\d{1,3})?(?:\\.(\\d{1,3}))?([sradifFeEgGxXoc%])");

  private static final int MAX_NESTING = 4;
  private static final int MAX_ITEMS = 50;

  private PythonText() {}

  static String of(PickleNode node) {
    return node instanceof TextNode text ? text.value() : repr(node, 0);
  }

  private static String repr(PickleNode node, int nesting) {
    return switch (node) {
      case TextNode text -> "'" + text.value() + "'";
      case Int(long value) -> Long.toString(value);
      case BigInt(BigInteger value) ->
          value.bitLength() <= 1024 ? value.toString() : "an integer of many digits";
      case Real(double value) -> real(value);
      case Constant constant ->
          switch (constant) {
            case NONE -> "None";
            case TRUE -> "True";
            case FALSE -> "False";
          };
      case ListNode list -> "[" + items(list.items(), nesting) + "]";
      case TupleNode tuple ->
          "(" + items(tuple.items(), nesting) + (tuple.items().size() == 1 ? ",)" : ")");
      case DictNode dict -> "{" + entries(dict, nesting) + "}";
      case PickleNode.Referable other -> "<" + other + ">";
    };
  }

  private static String items(List<PickleNode> items, int nesting) {
    if (nesting == MAX_NESTING) {
      return "...";
    }
    String shown =
        items.stream()
            .limit(MAX_ITEMS)
            .map(item -> repr(item, nesting + 1))
            .collect(Collectors.joining(", "));
    return items.size() > MAX_ITEMS ? shown + ", ..." : shown;
  }

  private static String entries(DictNode dict, int nesting) {
    if (nesting == MAX_NESTING) {
      return "...";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(dict.size(), MAX_ITEMS); i++) {
      text.append(i == 0 ? "" : ", ")
          .append(repr(dict.key(i), nesting + 1))
          .append(": ")
          .append(repr(dict.value(i), nesting + 1));
    }
    return dict.size() > MAX_ITEMS ? text + ", ..." : text.toString();
  }

  private static String real(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-4 || size >= 1e16)) {
      return Double.toString(value).toLowerCase(Locale.ROOT);
    }
    String plain = new BigDecimal(Double.toString(value)).toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }

  /// `format % arguments`, as logging does it. A conversion that does not fit its argument shows
  /// the argument as it is; what has no argument stays as written.
  static String format(String format, List<PickleNode> arguments) {
    Matcher matcher = CONVERSION.matcher(format);
    StringBuilder text = new StringBuilder();
    int next = 0;
    while (matcher.find()) {
      String kind = matcher.group(4);
      String shown;
      if (kind.equals("%")) {
        shown = "%";
      } else if (next < arguments.size()) {
        shown = convert(matcher, arguments.get(next++));
      } else {
        shown = matcher.group();
      }
      matcher.appendReplacement(text, Matcher.quoteReplacement(shown));
    }
    return matcher.appendTail(text).toString();
  }

  private static String convert(Matcher matcher, PickleNode argument) {
    char kind = matcher.group(4).charAt(0);
    String flags = matcher.group(1).replaceAll("(.)(?=.*\\1)", "");
    String width = matcher.group(2) == null ? "" : matcher.group(2);
    String precision = matcher.group(3) == null ? "" : "." + matcher.group(3);
    try {
      return switch (kind) {
        case 'd', 'i', 'x', 'X', 'o' -> integer(argument, kind == 'i' ? 'd' : kind, flags, width);
        case 'f', 'F' ->
            String.format(Locale.ROOT, "%" + flags + width + precision + "f", real(argument));
        case 'e', 'E' ->
            String.format(Locale.ROOT, "%" + flags + width + precision + kind, real(argument));
        case 'g', 'G' -> real(real(argument));
        case 'r', 'a' -> padded(repr(argument, 0), flags, width);
        default -> padded(of(argument), flags, width);
      };
    } catch (IllegalArgumentException e) {
      return of(argument);
    }
  }

  private static String integer(PickleNode argument, char kind, String flags, String width) {
    if (!(argument instanceof Int(long value)) || (kind != 'd' && value < 0)) {
      return padded(of(argument), flags, width);
    }
    String fitting = kind == 'd' ? flags.replace("#", "") : flags.replaceAll("[+ ]", "");
    return String.format(Locale.ROOT, "%" + fitting + width + kind, value);
  }

  private static double real(PickleNode argument) {
    return switch (argument) {
      case Real(double value) -> value;
      case Int(long value) -> value;
      case PickleNode other ->
          throw new IllegalArgumentException("expected a number, found " + other);
    };
  }

  private static String padded(String text, String flags, String width) {
    return width.isEmpty()
        ? text
        : String.format(Locale.ROOT, "%" + (flags.contains("-") ? "-" : "") + width + "s", text);
  }
}
