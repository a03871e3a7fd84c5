package io.quern.bqskit;

import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireResult;
import io.quern.bqskit.wire.WireTask;
import io.quern.engine.pass.LogLevel;
import io.quern.task.Blob;
import io.quern.task.TaskEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Values that are texts in place of pickles, so that a test of the core needs no codec.
final class PlainPython implements PythonValues {

  static PickledValue value(String text) {
    return PickledValue.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(PickledValue value) {
    return new String(value.toBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public WireTask root(PickledValue task, long mailbox, int level, int depth) {
    return new WireTask(WireAddress.root(mailbox), mailbox, List.of(), task);
  }

  @Override
  public WireTask rootOfCall(PickledValue call, long mailbox, int level, int depth) {
    return root(call, mailbox, level, depth);
  }

  @Override
  public TaskEvent.PythonLog line(PickledValue record) {
    return new TaskEvent.PythonLog(LogLevel.INFO, "test", text(record), Blob.of(record.toBytes()));
  }

  /// A result that cannot be read.
  static final String NONSENSE = "nonsense";

  @Override
  public PickledValue returned(WireResult result) {
    if (text(result.value()).equals(NONSENSE)) {
      throw new IllegalStateException(NONSENSE);
    }
    return result.value();
  }
}
