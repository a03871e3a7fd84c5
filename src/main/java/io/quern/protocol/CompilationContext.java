package io.quern.protocol;

import io.quern.engine.pass.LogLevel;
import io.quern.task.Scheduling;
import io.quern.task.TaskId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What every runtime task of one compilation carries along.
///
/// @param task the compilation task
/// @param root the compilation's root runtime task; log lines and progress name it
/// @param tenant whose compilation it is; tenants share the workers evenly
/// @param loggingLevel the least level its log lines need
/// @param loggingDepth how many ancestors a runtime task may have and still log; -1 for any number
/// @param deadline when the time limit ends; null for none
/// @param scheduling its priority among its tenant's, and the labels a worker needs
public record CompilationContext(
    TaskId task,
    RuntimeTaskId root,
    String tenant,
    LogLevel loggingLevel,
    int loggingDepth,
    @Nullable Instant deadline,
    Scheduling scheduling) {

  /// The context of a compilation with the usual scheduling.
  public CompilationContext(
      TaskId task,
      RuntimeTaskId root,
      String tenant,
      LogLevel loggingLevel,
      int loggingDepth,
      @Nullable Instant deadline) {
    this(task, root, tenant, loggingLevel, loggingDepth, deadline, Scheduling.DEFAULT);
  }

  /// Whether a line of this level, written this deep, is wanted.
  public boolean wantsLog(LogLevel level, int depth) {
    return level.compareTo(loggingLevel) >= 0 && (loggingDepth < 0 || depth <= loggingDepth);
  }
}
