package io.quern.task.store;

import io.quern.task.TaskEvent;
import io.quern.task.TaskJson;
import io.quern.task.TaskReplay;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// An event as it lies in the database.
///
/// @param isTerminal whether it is the last of its task
/// @param data JSON; null for a result, which is put together from the result's own row
record EventRow(long number, Instant time, String type, boolean isTerminal, @Nullable String data) {
  private static final String TAB = "\t";
  private static final int FIELDS = 4;

  static EventRow of(TaskEvent event) {
    TaskEvent.Data data = event.data();
    return new EventRow(
        event.number(),
        event.time(),
        data.type(),
        event.isTerminal(),
        data instanceof TaskEvent.ResultReady ? null : TaskJson.eventData(data));
  }

  /// As it follows another event in the same row. JSON escapes what parts lines and fields.
  String line() {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, TaskReplay.asStored(time));
    return micros + TAB + type + TAB + isTerminal + TAB + (data == null ? "" : data);
  }

  /// The type of the event that [#line] wrote, without reading the rest.
  static String typeOf(String line) {
    int begin = line.indexOf(TAB) + 1;
    return line.substring(begin, line.indexOf(TAB, begin));
  }

  /// Reads what [#line] wrote.
  static EventRow read(long number, String line) {
    String[] fields = line.split(TAB, FIELDS);
    return new EventRow(
        number,
        Instant.EPOCH.plus(Long.parseLong(fields[0]), ChronoUnit.MICROS),
        fields[1],
        Boolean.parseBoolean(fields[2]),
        fields[3].isEmpty() ? null : fields[3]);
  }
}
