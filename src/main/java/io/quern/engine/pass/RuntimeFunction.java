package io.quern.engine.pass;

/// A registered function, the only kind of code a runtime task may name.
///
/// A function is pure: its result depends on its argument alone (randomness comes from a seed
/// within the argument), so running it again elsewhere is safe. Arguments and results are
/// immutable; inside one JVM they are handed over as they are.
///
/// @param <A> argument
/// @param <R> result
public interface RuntimeFunction<A, R> {

  /// The name it is registered under, unique, such as `synthesize-two-qubit-blocks`.
  String name();

  /// Raised whenever the same argument may give another result.
  int version();

  /// Whether what it returns is worth keeping: a result that took long is then stored as it is
  /// there, and found by its content key (name, version, argument) instead of being computed again
  /// when its compilation has to begin anew.
  default boolean isKept() {
    return false;
  }

  /// @throws java.util.concurrent.CancellationException if the task was cancelled meanwhile
  R run(A argument, RuntimeHandle runtime) throws InterruptedException;
}
