package io.quern.engine.processing;

import io.quern.engine.pass.OutOfTimeException;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;
import java.util.function.Consumer;

/// Ends a search when its compilation is cancelled or out of time.
final class Searching {
  private Searching() {}

  /// Runs a search with a checkpoint to call once an iteration. Once the time limit has passed the
  /// search is given up and the circuit stays what the search has made of it so far.
  ///
  /// @throws java.util.concurrent.CancellationException if the compilation was cancelled
  static void untilTimeUp(PassData data, RuntimeHandle runtime, Consumer<Runnable> search) {
    try {
      runtime.checkTime();
      search.accept(runtime::checkTime);
    } catch (OutOfTimeException _) {
      data.setCutShort();
    }
  }
}
