package io.quern.engine.pass;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a running function may ask of the runtime that runs it; BQSKit's `get_runtime()`.
///
/// While a function waits in [RuntimeFuture#await], [RuntimeFuture#next] or [#map] its slot is free
/// for other runtime tasks.
public interface RuntimeHandle {

  /// Starts a child runtime task.
  <A, R> RuntimeFuture<R> submit(RuntimeFunction<A, R> function, A argument);

  /// Starts one child runtime task for each argument; the future's slots are in argument order.
  <A, R> RuntimeFuture<R> submitAll(RuntimeFunction<A, R> function, List<A> arguments);

  /// Runs the function on every argument and waits; results in argument order, whatever the order
  /// in which they were computed.
  default <A, R> List<R> map(RuntimeFunction<A, R> function, List<A> arguments)
      throws InterruptedException {
    return arguments.isEmpty() ? List.of() : submitAll(function, arguments).await();
  }

  /// Cancels the children behind a future with all their descendants; idempotent.
  void cancel(RuntimeFuture<?> future);

  /// Tells every child behind a future something, whether it runs, waits for a slot or is begun
  /// again later; BQSKit's `communicate`. Each run hears it at most once, and in the order in which
  /// it was said. It is a hint, and nothing to wait for: a run may end before it hears it.
  ///
  /// @param listener the function the children run
  /// @throws IllegalArgumentException if the future is another task's, or its children run another
  ///   function
  /// @throws IllegalStateException if these children were told too much already
  default <M> void communicate(
      RuntimeFuture<?> future, ListeningFunction<?, ?, M> listener, M message) {}

  /// What this task was told since it last asked, oldest first.
  ///
  /// @param listener the function that asks
  default <M> List<M> messages(ListeningFunction<?, ?, M> listener) {
    return List.of();
  }

  /// What the worker keeps under a key, made now if it is not there: for what is dear to make and
  /// of use to many runtime tasks; BQSKit's `get_cache`. Each worker has its own and lets go of
  /// what was not used for long.
  ///
  /// @param maker what it makes depends on type and key alone
  default <T> T cached(Class<T> type, String key, Supplier<? extends T> maker) {
    return maker.get();
  }

  /// How many slots the runtime has; a hint for batch sizes that must never change a result.
  int slots();

  /// Whether this task was cancelled; kernels ask once an iteration.
  boolean isCancelled();

  /// Whether the compilation's time limit has passed: stop searching, keep the best so far.
  boolean isTimeUp();

  /// @throws java.util.concurrent.CancellationException if this task was cancelled
  default void checkCancelled() {
    if (isCancelled()) {
      throw new java.util.concurrent.CancellationException("the runtime task was cancelled");
    }
  }

  /// What searches ask once an iteration.
  ///
  /// @throws java.util.concurrent.CancellationException if this task was cancelled
  /// @throws OutOfTimeException if the compilation's time limit has passed
  default void checkTime() {
    checkCancelled();
    if (isTimeUp()) {
      throw new OutOfTimeException();
    }
  }

  /// Where an earlier run of this compilation had come to; null if there is nothing to go on from.
  /// Only the root task of a compilation is ever told of one.
  default @Nullable Checkpoint earlier() {
    return null;
  }

  /// Keeps what the compilation has come to, so that it can go on from there if it has to be run
  /// again. A later one takes the place of an earlier one. What others than the root task say is
  /// passed over.
  default void keep(Checkpoint checkpoint) {}

  /// Adds a line to the compilation task's event log.
  void log(LogLevel level, String logger, String message);

  /// Reports how far the compilation is; the runtime thins what comes too often.
  void progress(Progress progress);
}
