package io.quern.task;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What earlier runs of a compilation task have finished: its next run goes on from there.
///
/// @param checkpoint after the last top-level pass that was over; null if none was
/// @param blocks finished blocks by content key
public record KeptWork(@Nullable StoredCheckpoint checkpoint, Map<String, Blob> blocks) {
  /// Of a task that has never run.
  public static final KeptWork NOTHING = new KeptWork(null, Map.of());

  public KeptWork {
    blocks = Map.copyOf(blocks);
  }

  public boolean isNothing() {
    return checkpoint == null && blocks.isEmpty();
  }

  /// The compilation's state behind so many of its top-level passes.
  ///
  /// @param position how many passes are over
  /// @param engineVersion another version cannot go on from it
  public record StoredCheckpoint(int position, String engineVersion, Blob state) {}
}
