package io.quern.web;

import io.quern.failure.QuernException;
import io.quern.task.CompilationTask;
import io.quern.task.TaskId;
import io.quern.task.TaskJson;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.TaskQuery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One page of a tenant's tasks, newest first, and the way to the next.
record TaskPage(TaskQuery query) {
  private static final Set<String> PARAMETERS =
      Set.of("state", "tag", "name", "submitted_after", "submitted_before", "limit", "cursor");
  private static final int DEFAULT_LIMIT = 50;

  static TaskPage parse(@Nullable String text, String tenant, int largest) {
    QueryParameters given = QueryParameters.parse(text, PARAMETERS, Set.of());
    Long limit = given.integer("limit", 1, largest);
    return new TaskPage(
        new TaskQuery(
            tenant,
            state(given.first("state")),
            given.first("tag"),
            given.first("name"),
            given.instant("submitted_after"),
            given.instant("submitted_before"),
            cursor(given.first("cursor")),
            limit == null ? Math.min(DEFAULT_LIMIT, largest) : Math.toIntExact(limit)));
  }

  /// One more than the page holds tells whether there is another page.
  TaskQuery queryWithOneMore() {
    return new TaskQuery(
        query.tenant(),
        query.state(),
        query.tag(),
        query.name(),
        query.submittedAfter(),
        query.submittedBefore(),
        query.before(),
        query.limit() + 1);
  }

  /// @param found what [#queryWithOneMore] found
  String json(List<CompilationTask> found) {
    boolean hasNext = found.size() > query.limit();
    List<CompilationTask> shown = hasNext ? found.subList(0, query.limit()) : found;
    return TaskJson.text(
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("tasks");
          shown.forEach(task -> TaskJson.writeStatus(json, task));
          json.writeEndArray();
          if (hasNext) {
            json.writeStringProperty("next", next(shown.getLast().id()));
          } else {
            json.writeNullProperty("next");
          }
          json.writeEndObject();
        });
  }

  private String next(TaskId last) {
    StringBuilder address = new StringBuilder("/tasks?cursor=").append(last);
    add(address, "limit", query.limit() == DEFAULT_LIMIT ? null : query.limit());
    add(address, "state", query.state());
    add(address, "tag", query.tag());
    add(address, "name", query.name());
    add(address, "submitted_after", query.submittedAfter());
    add(address, "submitted_before", query.submittedBefore());
    return address.toString();
  }

  private static void add(StringBuilder address, String name, @Nullable Object value) {
    if (value != null) {
      address
          .append('&')
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
    }
  }

  private static @Nullable TaskState state(@Nullable String text) {
    if (text == null) {
      return null;
    }
    for (TaskState state : TaskState.values()) {
      if (state.name().equals(text.toUpperCase(Locale.ROOT))) {
        return state;
      }
    }
    String known = String.join(", ", Arrays.stream(TaskState.values()).map(Enum::name).toList());
    throw QueryParameters.invalid("state", "one of " + known, "'" + text + "'", text);
  }

  private static @Nullable TaskId cursor(@Nullable String text) {
    try {
      return text == null ? null : TaskLookup.parse(text);
    } catch (QuernException e) {
      throw QueryParameters.invalid(
          "cursor", "the cursor of a page's 'next'", "'" + text + "'", String.valueOf(text));
    }
  }
}
