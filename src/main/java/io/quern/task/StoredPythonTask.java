package io.quern.task;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An unfinished task for BQSKit's own managers, as it is found at the start: all but its input.
///
/// @param clientId the id the client chose; null if it came by another way than BQSKit's wire
/// @param importPaths as in [PythonInput]
/// @param loggingLevel as in [PythonInput]
/// @param loggingDepth as in [PythonInput]
public record StoredPythonTask(
    CompilationTask task,
    @Nullable UUID clientId,
    List<String> importPaths,
    int loggingLevel,
    int loggingDepth) {
  public StoredPythonTask {
    importPaths = List.copyOf(importPaths);
  }
}
