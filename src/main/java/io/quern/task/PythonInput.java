package io.quern.task;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a task that BQSKit's own managers carry out was submitted with.
///
/// @param clientId the id the client chose; null if it came by another way than BQSKit's wire
/// @param task the pickled `CompilationTask`
/// @param importPaths the client's `sys.path`, which its passes may have to be imported from
/// @param loggingLevel Python's number; 0 for everything
/// @param loggingDepth how deep nested runtime tasks may log; -1 for any depth
public record PythonInput(
    @Nullable UUID clientId,
    Blob task,
    List<String> importPaths,
    int loggingLevel,
    int loggingDepth) {
  public PythonInput {
    importPaths = List.copyOf(importPaths);
  }
}
