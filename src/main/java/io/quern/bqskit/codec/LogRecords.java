package io.quern.bqskit.codec;

import io.quern.bqskit.pickle.DictNode;
import io.quern.bqskit.pickle.InstanceNode;
import io.quern.bqskit.pickle.PickleException;
import io.quern.bqskit.pickle.PickleLimits;
import io.quern.bqskit.pickle.PickleNode;
import io.quern.bqskit.pickle.PickleReader;
import io.quern.bqskit.pickle.TextNode;
import io.quern.bqskit.pickle.TupleNode;
import io.quern.bqskit.wire.PickledValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the log records of workers, as far as that can be done without Python.
public final class LogRecords {

  /// A record of Python's logging.
  ///
  /// @param logger its logger's name
  /// @param level Python's number of the level (10 DEBUG, 20 INFO, 30 WARNING, 40 ERROR, 50
  ///   CRITICAL)
  /// @param message with its arguments in it
  public record LogRecord(String logger, int level, String message) {}

  private LogRecords() {}

  /// Reads what a worker sends: a pickled `LogRecord`, or `(logger, level, message)` where that
  /// could not be pickled. What is neither becomes a record that says so; nothing is ever thrown.
  public static LogRecord read(PickledValue pickled) {
    PickleNode node;
    try {
      node = PickleReader.read(pickled.toBytes(), PickleLimits.SMALL);
    } catch (PickleException e) {
      return unreadable(e.getMessage());
    }
    if (node instanceof TupleNode tuple && tuple.items().size() == 3) {
      List<PickleNode> parts = tuple.items();
      return new LogRecord(
          text(parts.get(0), "root"),
          Fields.numberOr(parts.get(1), 0),
          PythonText.of(parts.get(2)));
    }
    if (node instanceof InstanceNode made && made.state() instanceof DictNode state) {
      return new LogRecord(
          text(state.get("name"), "root"),
          Fields.numberOr(state.get("levelno"), 0),
          message(state));
    }
    return unreadable("expected a LogRecord, found " + node);
  }

  private static LogRecord unreadable(@Nullable String why) {
    return new LogRecord("root", 0, "a log record that cannot be read: " + why);
  }

  private static String text(@Nullable PickleNode node, String otherwise) {
    return node instanceof TextNode text ? text.value() : otherwise;
  }

  private static String message(DictNode state) {
    PickleNode raw = state.get("msg");
    String text = raw == null ? "" : PythonText.of(raw);
    return switch (state.get("args")) {
      case TupleNode arguments when !arguments.items().isEmpty() ->
          PythonText.format(text, arguments.items());
      case null, default -> text;
    };
  }
}
