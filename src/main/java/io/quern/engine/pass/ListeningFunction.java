package io.quern.engine.pass;

/// A function whose runtime tasks may be told something while they run, by the task that submitted
/// them: see [RuntimeHandle#communicate] and [RuntimeHandle#messages].
///
/// What it is told are hints. They may change how soon it returns, never what: like any other, the
/// function is pure.
///
/// @param <A> argument
/// @param <R> result
/// @param <M> what it may be told; immutable, as arguments are
public interface ListeningFunction<A, R, M> extends RuntimeFunction<A, R> {}
