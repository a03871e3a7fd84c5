package io.quern.task;

import io.quern.task.TaskRecord.Accepted;
import io.quern.task.TaskRecord.AcceptedTogether;

/// About what a record takes in memory, for those who bound what waits there. Its text and bytes
/// are counted as they are, its objects by what they take on average.
public final class RecordFootprint {
  /// A record beside its circuit and events.
  private static final long RECORD_BYTES = 1024;

  private static final long EVENT_BYTES = 256;
  private static final long OPERATION_BYTES = 80;

  /// A qubit of a machine, with what it is coupled to and where it is mapped.
  private static final long QUBIT_BYTES = 80;

  private RecordFootprint() {}

  /// In bytes.
  public static long of(TaskRecord record) {
    return switch (record) {
      case Accepted accepted ->
          RECORD_BYTES
              + accepted.submission().characters()
              + (accepted.python() == null ? 0 : accepted.python().task().size())
              + EVENT_BYTES * accepted.events().size();
      case AcceptedTogether together ->
          together.tasks().stream().mapToLong(RecordFootprint::of).sum();
      case TaskRecord.Kept kept -> {
        long bytes = RECORD_BYTES + kept.blocks().values().stream().mapToLong(Blob::size).sum();
        yield kept.checkpoint() == null ? bytes : bytes + kept.checkpoint().state().size();
      }
      case TaskRecord.Started _, TaskRecord.Appended _, TaskRecord.Ended _ ->
          RECORD_BYTES + record.events().stream().mapToLong(RecordFootprint::of).sum();
    };
  }

  private static long of(TaskEvent event) {
    return switch (event.data()) {
      case TaskEvent.PythonLog line -> EVENT_BYTES + line.record().size();
      case TaskEvent.PythonResult result -> EVENT_BYTES + result.value().size();
      case TaskEvent.LogLine line -> EVENT_BYTES + line.message().length();
      case TaskEvent.ResultReady ready ->
          EVENT_BYTES
              + OPERATION_BYTES * ready.result().after().operations()
              + QUBIT_BYTES * ready.result().machine().qubits();
      case TaskEvent.Progressed _, TaskEvent.Restarted _, TaskEvent.StateChanged _ -> EVENT_BYTES;
    };
  }
}
