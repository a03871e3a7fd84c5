package io.quern.bqskit;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/// Unfinished tasks whose client's connection broke: they go on for a while, and for as long as
/// somebody asks for them.
final class Orphans {
  private final Duration keep;
  private final Consumer<BqskitEffect> effects;
  private Instant nextEnd = Instant.MAX;

  /// @param keep how long a task goes on that nobody asks for
  Orphans(Duration keep, Consumer<BqskitEffect> effects) {
    this.keep = keep;
    this.effects = effects;
  }

  /// Its client is gone.
  void add(PythonCompilation compilation, Instant now) {
    compilation.owner = 0;
    Instant end = now.plus(keep);
    compilation.orphanEnd = end;
    if (end.isBefore(nextEnd)) {
      nextEnd = end;
      effects.accept(new BqskitEffect.ArmTimer(end));
    }
  }

  /// Somebody has asked for it.
  void touch(PythonCompilation compilation, Instant now) {
    if (compilation.orphanEnd != null) {
      compilation.orphanEnd = now.plus(keep);
    }
  }

  /// Ends those whose time is over.
  void timer(Collection<PythonCompilation> all, Instant now, Consumer<PythonCompilation> cancel) {
    if (now.isBefore(nextEnd)) {
      return;
    }
    nextEnd = Instant.MAX;
    for (PythonCompilation compilation : List.copyOf(all)) {
      Instant end = compilation.orphanEnd;
      if (end == null || compilation.isOver()) {
        continue;
      }
      if (!compilation.requests.isEmpty()) {
        add(compilation, now);
      } else if (now.isBefore(end)) {
        nextEnd = end.isBefore(nextEnd) ? end : nextEnd;
      } else {
        cancel.accept(compilation);
      }
    }
    if (nextEnd.isBefore(Instant.MAX)) {
      effects.accept(new BqskitEffect.ArmTimer(nextEnd));
    }
  }
}
