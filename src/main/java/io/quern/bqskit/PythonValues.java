package io.quern.bqskit;

import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.WireResult;
import io.quern.bqskit.wire.WireTask;
import io.quern.task.TaskEvent;

/// What the core has to do with the inside of Python's values.
interface PythonValues {

  /// The root runtime task of a compilation, addressed to a mailbox of the server.
  WireTask root(PickledValue compilationTask, long mailbox, int loggingLevel, int loggingDepth);

  /// The root runtime task of a call that the service makes itself.
  WireTask rootOfCall(PickledValue call, long mailbox, int loggingLevel, int loggingDepth);

  /// What a worker's log record says.
  TaskEvent.PythonLog line(PickledValue record);

  /// What a runtime task returned.
  PickledValue returned(WireResult result);
}
