package io.quern.task;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One entry of a task's event log, as the core makes it. Numbers of one task run from 1 without
/// gaps; the terminal event has the last one.
public record TaskEvent(TaskId task, long number, Instant time, Data data) {

  /// Whether this kind of event is its task's last: a result, or a change to a state that has none.
  public boolean isTerminal() {
    return switch (data) {
      case StateChanged change -> change.to().isTerminal() && !change.to().hasResult();
      case ResultReady _, PythonResult _ -> true;
      case LogLine _, PythonLog _, Progressed _, Restarted _ -> false;
    };
  }

  /// What happened.
  public sealed interface Data {
    /// The event's type as the API names it.
    String type();
  }

  /// `state`
  public record StateChanged(@Nullable TaskState from, TaskState to, @Nullable TaskError error)
      implements Data {
    @Override
    public String type() {
      return "state";
    }
  }

  /// `log`
  public record LogLine(LogLevel level, String logger, String message) implements Data {
    @Override
    public String type() {
      return "log";
    }
  }

  /// `log`, from a worker of BQSKit's.
  ///
  /// @param record the pickled log record, for clients that can read it
  public record PythonLog(LogLevel level, String logger, String message, Blob record)
      implements Data {
    @Override
    public String type() {
      return "log";
    }
  }

  /// `progress`
  public record Progressed(Progress progress) implements Data {
    @Override
    public String type() {
      return "progress";
    }
  }

  /// `restarted`: the events before it are of an attempt that was lost.
  public record Restarted(Attempt attempt) implements Data {
    @Override
    public String type() {
      return "restarted";
    }
  }

  /// `result` of a task whose client reads pickles.
  ///
  /// @param value the pickle of what the compilation returned
  public record PythonResult(TaskState state, Blob value) implements Data {
    @Override
    public String type() {
      return "result";
    }
  }

  /// `result`: the last event of DONE and PARTIAL.
  public record ResultReady(TaskState state, CompilationResult result) implements Data {
    @Override
    public String type() {
      return "result";
    }
  }
}
