package io.quern.web;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.SubmissionRequest;
import io.quern.web.json.JsonReader;
import io.quern.web.json.JsonReader.Field;
import io.quern.web.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The body of a batch. A submission in it that has the wrong shape is that submission's problem; a
/// body that is not JSON is everyone's.
///
/// @param atomic all or none
record SubmissionBatch(List<Item> items, boolean atomic) {
  SubmissionBatch {
    items = List.copyOf(items);
  }

  /// A submission of the right shape, or why it has another.
  sealed interface Item {
    record Read(SubmissionRequest request) implements Item {}

    record Unread(Problem problem) implements Item {}
  }

  /// @param limit most submissions
  static SubmissionBatch read(String text, int limit) {
    Draft draft = new Draft(limit);
    try (JsonReader in = JsonReader.open(text)) {
      in.object("a batch", draft, FIELDS);
      List<Item> items = draft.items;
      if (items == null) {
        throw in.malformed("the field 'tasks' in the batch", "none");
      }
      in.end();
      return new SubmissionBatch(items, draft.atomic);
    }
  }

  private static final Map<String, Field<Draft>> FIELDS =
      Map.of(
          "tasks", (draft, in) -> draft.items = draft.readItems(in),
          "atomic", (draft, in) -> draft.atomic = in.bool());

  private static final class Draft {
    private final int limit;
    private @Nullable List<Item> items;
    private boolean atomic;

    Draft(int limit) {
      this.limit = limit;
    }

    private List<Item> readItems(JsonReader in) {
      List<Item> all = new ArrayList<>();
      in.array(
          "submissions",
          element -> {
            if (all.size() == limit) {
              throw new QuernException(
                  ErrorCode.BATCH_TOO_LARGE,
                  "expected at most %d tasks in a batch, found more".formatted(limit),
                  Map.of("limit", limit));
            }
            all.add(readItem(element));
          });
      return all;
    }

    private static Item readItem(JsonReader in) {
      int depth = in.depth();
      boolean isContainer = in.isArray() || in.isObject();
      try {
        return new Item.Read(SubmissionDraft.fromJson(in));
      } catch (QuernException e) {
        if (in.isBroken()) {
          throw e;
        }
        if (isContainer) {
          in.skipTo(depth);
        }
        return new Item.Unread(Problem.of(e));
      }
    }
  }
}
