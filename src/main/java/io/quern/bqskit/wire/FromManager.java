package io.quern.bqskit.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a `bqskit-manager` says.
public sealed interface FromManager {

  /// It is ready.
  record Started(int workers) implements FromManager {}

  /// SUBMIT or SUBMIT_BATCH: tasks to be run anywhere.
  record Submit(List<WireTask> tasks) implements FromManager {
    public Submit {
      tasks = List.copyOf(tasks);
    }
  }

  record Result(WireResult result) implements FromManager {}

  /// A runtime task raised an exception.
  ///
  /// @param compilation as in [WireTask]
  /// @param text the traceback
  record Failure(long compilation, String text) implements FromManager {}

  /// The manager itself has failed and ends.
  record Dying(String text) implements FromManager {}

  /// @param compilation as in [WireTask]
  /// @param record the bytes of the payload as they came, a pickle of their own
  record Log(long compilation, PickledValue record) implements FromManager {}

  record Cancel(WireAddress address) implements FromManager {}

  /// @param addresses the tasks the message is for
  /// @param payload the whole payload: addresses and message
  record Communicate(List<WireAddress> addresses, PickledValue payload) implements FromManager {
    public Communicate {
      addresses = List.copyOf(addresses);
    }
  }

  /// The manager leaves.
  ///
  /// @param isAskedFor whether it says that somebody wanted it to; BQSKit's own never does
  record Shutdown(boolean isAskedFor) implements FromManager {}

  /// @param idle workers that have nothing to do
  /// @param receipt address of the first task of the last batch it had read; null if there was none
  record Waiting(int idle, @Nullable WireAddress receipt) implements FromManager {}

  /// @param difference by how much the number of its tasks has changed
  record Update(int difference) implements FromManager {}
}
