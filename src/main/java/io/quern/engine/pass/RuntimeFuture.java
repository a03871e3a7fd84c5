package io.quern.engine.pass;

import java.util.List;

/// The results to come of one or more child runtime tasks.
///
/// @param <R> result of each child
public interface RuntimeFuture<R> {

  /// Waits for every child; results in slot order. A child's failure is thrown as
  /// [RuntimeTaskException].
  List<R> await() throws InterruptedException;

  /// Waits until at least one result that was not returned yet is there and returns all such, in
  /// order of arrival; empty once every result was returned.
  List<Arrived<R>> next() throws InterruptedException;

  /// A result and the slot (argument index) it belongs to.
  record Arrived<R>(int slot, R result) {}
}
