package io.quern.task.store;

import io.quern.task.CompilationTask;
import io.quern.task.Submission;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord.Accepted;
import io.quern.task.TaskRecord.IdempotencyKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes the rows of new tasks, all but their events.
final class NewTaskRows {

  private NewTaskRows() {}

  static void insert(Connection connection, List<Accepted> accepted) throws SQLException {
    insertTasks(connection, accepted);
    insertSubmissions(connection, accepted);
    insertTags(connection, accepted);
    insertKeys(connection, accepted);
    PythonRows.insertInputs(connection, accepted);
  }

  private static void insertTasks(Connection connection, List<Accepted> accepted)
      throws SQLException {
    Batch.run(
        connection,
        "insert into task (id, tenant, name, tags, state, level, seed, progress, circuit_before,"
            + " circuit_after, submitted_at, started_at, finished_at, deadline, attempt_epoch,"
            + " attempt_number, last_event, error, engine, priority, requires, deaths,"
            + " deaths_alone)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        accepted,
        (insert, one) -> {
          CompilationTask task = one.status();
          insert.setObject(1, task.id().value());
          insert.setString(2, task.tenant());
          insert.setString(3, task.name());
          insert.setString(4, StoredForms.tags(task.tags()));
          insert.setString(5, task.state().name());
          insert.setInt(6, task.level());
          insert.setLong(7, task.seed());
          insert.setString(8, StoredForms.progress(task.progress()));
          insert.setString(9, task.before() == null ? null : StoredForms.statistics(task.before()));
          insert.setString(10, task.after() == null ? null : StoredForms.statistics(task.after()));
          Times.set(insert, 11, task.submittedAt());
          Times.set(insert, 12, task.startedAt());
          Times.set(insert, 13, task.finishedAt());
          Times.set(insert, 14, task.deadline());
          Batch.setAttempt(insert, 15, task.attempt());
          insert.setLong(17, Math.max(task.lastEvent(), RecordGroup.lastNumber(one.events())));
          insert.setString(18, StoredForms.error(task.error()));
          insert.setString(19, task.engine().name());
          insert.setInt(20, task.scheduling().priority());
          insert.setString(21, StoredForms.tags(task.scheduling().requires()));
          insert.setInt(22, task.deaths().total());
          insert.setInt(23, task.deaths().alone());
        });
  }

  private static void insertSubmissions(Connection connection, List<Accepted> accepted)
      throws SQLException {
    OptionsText options = new OptionsText();
    Batch.run(
        connection,
        "insert into submission (task, options, circuit, circuit_gzip) values (?, ?, ?, ?)",
        accepted,
        (insert, one) -> {
          insert.setObject(1, one.task().value());
          insert.setString(2, options.of(one.submission()));
          PackedText.set(insert, 3, one.submission().circuit());
        });
  }

  private static void insertTags(Connection connection, List<Accepted> accepted)
      throws SQLException {
    List<Tag> tags =
        accepted.stream()
            .flatMap(
                one ->
                    one.status().tags().stream()
                        .distinct()
                        .map(tag -> new Tag(one.status().tenant(), tag, one.task())))
            .toList();
    Batch.run(
        connection,
        "insert into task_tag (tenant, tag, task) values (?, ?, ?)",
        tags,
        (insert, tag) -> {
          insert.setString(1, tag.tenant());
          insert.setString(2, tag.tag());
          insert.setObject(3, tag.task().value());
        });
  }

  private static void insertKeys(Connection connection, List<Accepted> accepted)
      throws SQLException {
    Batch.run(
        connection,
        "insert into idempotency_key (tenant, key_text, body_hash, task) values (?, ?, ?, ?)",
        accepted.stream().filter(one -> one.key() != null).toList(),
        (insert, one) -> {
          IdempotencyKey key = Objects.requireNonNull(one.key());
          insert.setString(1, key.tenant());
          insert.setString(2, key.key());
          insert.setString(3, key.bodyHash());
          insert.setObject(4, one.task().value());
        });
  }

  /// The text of the submission that was asked for last: all tasks of BQSKit's wire have one.
  private static final class OptionsText {
    private @Nullable Submission last;
    private String text = "";

    @SuppressWarnings("ReferenceEquality") // comparing them would take as long as writing them
    String of(Submission submission) {
      if (submission != last) {
        last = submission;
        text = StoredForms.options(submission);
      }
      return text;
    }
  }

  private record Tag(String tenant, String tag, TaskId task) {}
}
