package io.quern.web;

import io.quern.bqskit.ClientIds;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.CompilationTask;
import io.quern.task.TaskId;
import io.quern.task.TaskStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Finds tasks for the tenant they belong to; to everyone else they do not exist.
final class TaskLookup {
  private static final int OWN_VERSION = 7;

  private final TaskStore store;

  TaskLookup(TaskStore store) {
    this.store = store;
  }

  /// Reads an id from a path.
  static TaskId parse(String text) {
    try {
      TaskId id = TaskId.parse(text);
      if (id.toString().equalsIgnoreCase(text)) {
        return id;
      }
    } catch (IllegalArgumentException e) {
      throw malformed(text);
    }
    throw malformed(text);
  }

  /// The id of the task that a path names: by its own id, or by the one that a client of BQSKit's
  /// wire chose for it, which is a UUID of another version.
  TaskId id(String tenant, String text) {
    TaskId id = parse(text);
    if (id.value().version() == OWN_VERSION) {
      return id;
    }
    TaskStore.KeyedTask known = store.findByKey(tenant, ClientIds.key(id.value()));
    return known == null ? id : known.task().id();
  }

  /// The task as it is now.
  ///
  /// @throws QuernException if there is none, it is another tenant's, or it is past its retention
  CompilationTask find(String tenant, TaskId id) {
    CompilationTask task = store.find(id);
    if (task == null || !task.tenant().equals(tenant)) {
      throw missing(tenant, id);
    }
    return task;
  }

  /// Why this tenant cannot have a task by this id.
  QuernException missing(String tenant, TaskId id) {
    Map<String, Object> details = Map.of("task", id.toString());
    return store.isExpired(tenant, id)
        ? new QuernException(
            ErrorCode.TASK_EXPIRED,
            "the task %s was removed after its retention".formatted(id),
            details)
        : new QuernException(
            ErrorCode.TASK_NOT_FOUND, "expected the id of a task, found " + id, details);
  }

  private static QuernException malformed(String text) {
    String found = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("parameter", "id");
    details.put("expected", List.of("a UUID such as 0199a3c4-5e6f-7a8b-9c0d-1e2f3a4b5c6d"));
    details.put("found", found);
    return new QuernException(
        ErrorCode.INVALID_PARAMETER,
        "expected a task id (a UUID of 36 characters), found '%s'".formatted(found),
        details);
  }
}
