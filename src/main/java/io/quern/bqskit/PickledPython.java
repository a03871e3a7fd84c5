package io.quern.bqskit;

import io.quern.bqskit.codec.LogRecords;
import io.quern.bqskit.codec.RootTasks;
import io.quern.bqskit.codec.WireCodec;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.WireResult;
import io.quern.bqskit.wire.WireTask;
import io.quern.engine.pass.LogLevel;
import io.quern.task.Blob;
import io.quern.task.TaskEvent;

/// Python's values as the codec reads and writes them.
final class PickledPython implements PythonValues {
  private final WireCodec codec;

  PickledPython(WireCodec codec) {
    this.codec = codec;
  }

  @Override
  public WireTask root(
      PickledValue compilationTask, long mailbox, int loggingLevel, int loggingDepth) {
    return RootTasks.rootTask(compilationTask, mailbox, loggingLevel, loggingDepth);
  }

  @Override
  public WireTask rootOfCall(PickledValue call, long mailbox, int loggingLevel, int loggingDepth) {
    return RootTasks.ofCall(call, mailbox, loggingLevel, loggingDepth);
  }

  @Override
  public TaskEvent.PythonLog line(PickledValue record) {
    LogRecords.LogRecord read = LogRecords.read(record);
    return new TaskEvent.PythonLog(
        level(read.level()), read.logger(), read.message(), Blob.of(record.toBytes()));
  }

  private static LogLevel level(int number) {
    if (number >= 40) {
      return LogLevel.ERROR;
    }
    if (number >= 30) {
      return LogLevel.WARNING;
    }
    return number >= 20 ? LogLevel.INFO : LogLevel.DEBUG;
  }

  @Override
  public PickledValue returned(WireResult result) {
    return codec.returned(result);
  }
}
