package io.quern.testing;

import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeFuture;
import io.quern.engine.pass.RuntimeHandle;
import java.util.ArrayList;
import java.util.List;

/// A runtime without any that counts how often it is asked whether its task was cancelled and says
/// yes from one question on, and that keeps what children were started with. Children run on the
/// caller's thread, in order.
public final class CountingRuntime implements RuntimeHandle {
  private final long cancelledFrom;
  private final List<Object> arguments = new ArrayList<>();
  private long questions;

  private CountingRuntime(long cancelledFrom) {
    this.cancelledFrom = cancelledFrom;
  }

  public static CountingRuntime neverCancelled() {
    return new CountingRuntime(Long.MAX_VALUE);
  }

  /// @param question the first that is answered with yes, from 1
  public static CountingRuntime cancelledFrom(long question) {
    return new CountingRuntime(question);
  }

  /// How often it was asked.
  public long questions() {
    return questions;
  }

  /// What children were started with, in order.
  public List<Object> arguments() {
    return List.copyOf(arguments);
  }

  @Override
  public <A, R> RuntimeFuture<R> submit(RuntimeFunction<A, R> function, A argument) {
    return submitAll(function, List.of(argument));
  }

  @Override
  public <A, R> RuntimeFuture<R> submitAll(RuntimeFunction<A, R> function, List<A> all) {
    List<R> results = new ArrayList<>();
    for (A argument : all) {
      arguments.add(argument);
      try {
        results.add(function.run(argument, this));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
    return new Finished<>(results);
  }

  @Override
  public void cancel(RuntimeFuture<?> future) {}

  @Override
  public int slots() {
    return 1;
  }

  @Override
  public boolean isCancelled() {
    return ++questions >= cancelledFrom;
  }

  @Override
  public boolean isTimeUp() {
    return false;
  }

  @Override
  public void log(LogLevel level, String logger, String message) {}

  @Override
  public void progress(Progress report) {}

  private static final class Finished<R> implements RuntimeFuture<R> {
    private final List<R> results;
    private int returned;

    Finished(List<R> results) {
      this.results = results;
    }

    @Override
    public List<R> await() {
      return results;
    }

    @Override
    public List<Arrived<R>> next() {
      if (returned == results.size()) {
        return List.of();
      }
      return List.of(new Arrived<>(returned, results.get(returned++)));
    }
  }
}
