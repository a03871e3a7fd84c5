package io.quern.task.store;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.Progress;
import io.quern.task.TaskError;
import io.quern.task.TaskEvent;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.Ended;
import io.quern.task.TaskRecord.Started;
import io.quern.task.TaskReplay;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What records make of a task whose row is there already. The row is changed once, however many
/// they are: each change costs one of every index that has a changed column.
///
/// @param firstStart of those among the records
/// @param lastStart whose attempt is the current one after them
/// @param progress the newest of the current attempt
/// @param end after which nothing happens any more
record TaskChange(
    @Nullable Started firstStart,
    @Nullable Started lastStart,
    @Nullable Progress progress,
    @Nullable Ended end,
    long lastEvent) {

  /// Changes nothing of a task that is over. A task that is not has neither a result's circuit nor
  /// an error.
  static final String UPDATE =
      "update task set state = coalesce(?, state), started_at = coalesce(started_at, ?),"
          + " deadline = case when cast(? as boolean) then ? else deadline end,"
          + " attempt_epoch = coalesce(?, attempt_epoch),"
          + " attempt_number = coalesce(?, attempt_number),"
          + " deaths = coalesce(?, deaths), deaths_alone = coalesce(?, deaths_alone),"
          + " progress = case when cast(? as boolean) then ? else progress end,"
          + " finished_at = ?, circuit_after = ?, error = ?,"
          + " last_event = greatest(last_event, ?)"
          + " where id = ? and finished_at is null";

  /// @param records of one task in their order, none of them after its end
  static TaskChange of(List<TaskRecord> records) {
    Started first = null;
    Started last = null;
    Progress progress = null;
    Ended end = null;
    long lastEvent = 0;
    for (TaskRecord record : records) {
      if (record instanceof Started started) {
        first = first == null ? started : first;
        last = started;
        progress = null;
      }
      end = record instanceof Ended ended ? ended : end;
      for (TaskEvent event : record.events()) {
        if (event.data() instanceof TaskEvent.Progressed(Progress made)) {
          progress = made;
        }
        lastEvent = event.number();
      }
    }
    return new TaskChange(first, last, progress, end, lastEvent);
  }

  /// Sets the parameters of [#UPDATE] but the id, which is the 15th.
  void bind(PreparedStatement update) throws SQLException {
    update.setString(1, end != null ? end.state().name() : lastStart != null ? "RUNNING" : null);
    Times.set(update, 2, firstStart == null ? null : firstStart.at());
    update.setBoolean(3, lastStart != null);
    Times.set(update, 4, lastStart == null ? null : lastStart.deadline());
    Batch.setAttempt(update, 5, lastStart == null ? null : lastStart.attempt());
    setInt(update, 7, lastStart == null ? null : lastStart.deaths().total());
    setInt(update, 8, lastStart == null ? null : lastStart.deaths().alone());
    update.setBoolean(9, lastStart != null || progress != null);
    update.setString(10, StoredForms.progress(progress));
    Times.set(update, 11, end == null ? null : end.at());
    CompilationResult result = end == null ? null : TaskReplay.result(end);
    update.setString(12, result == null ? null : StoredForms.statistics(result.after()));
    update.setString(13, StoredForms.error(error()));
    update.setLong(14, lastEvent);
  }

  private static void setInt(PreparedStatement update, int index, @Nullable Integer value)
      throws SQLException {
    if (value == null) {
      update.setNull(index, Types.INTEGER);
    } else {
      update.setInt(index, value);
    }
  }

  private @Nullable TaskError error() {
    return end != null
            && !end.events().isEmpty()
            && end.events().getLast().data() instanceof TaskEvent.StateChanged change
        ? change.error()
        : null;
  }
}
