package io.quern.testing;

import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeFuture;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.pass.RuntimeTaskException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A runtime without any: children run on the caller's thread, at once, in an order drawn from a
/// seed. What a function makes of results that come in any order shows already here.
public final class InlineRuntime implements RuntimeHandle {
  private final int slots;
  private final Random order;
  private final AtomicLong questionsUntilTimeUp;
  private final List<Progress> progress = Collections.synchronizedList(new ArrayList<>());

  private InlineRuntime(int slots, long seed, long questionsUntilTimeUp) {
    this.slots = slots;
    this.order = new Random(seed);
    this.questionsUntilTimeUp = new AtomicLong(questionsUntilTimeUp);
  }

  /// Says it has `slots` slots, and runs children in the order that `seed` draws.
  public static InlineRuntime of(int slots, long seed) {
    return new InlineRuntime(slots, seed, Long.MAX_VALUE);
  }

  /// The time limit has passed once it was asked for so often: time without a clock.
  public static InlineRuntime timeUpAfter(long questions) {
    return new InlineRuntime(1, 0, questions);
  }

  /// All progress reported so far.
  public List<Progress> progress() {
    return List.copyOf(progress);
  }

  @Override
  public <A, R> RuntimeFuture<R> submit(RuntimeFunction<A, R> function, A argument) {
    return submitAll(function, List.of(argument));
  }

  @Override
  public <A, R> RuntimeFuture<R> submitAll(RuntimeFunction<A, R> function, List<A> arguments) {
    List<Integer> slotsInOrder =
        new ArrayList<>(IntStream.range(0, arguments.size()).boxed().toList());
    Collections.shuffle(slotsInOrder, order);
    List<RuntimeFuture.Arrived<R>> arrived = new ArrayList<>();
    RuntimeException failure = null;
    for (int slot : slotsInOrder) {
      try {
        arrived.add(new RuntimeFuture.Arrived<>(slot, function.run(arguments.get(slot), this)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      } catch (RuntimeException e) {
        RuntimeTaskException wrapped =
            new RuntimeTaskException(function.name() + " failed: " + e.getMessage());
        wrapped.initCause(e);
        failure = wrapped;
      }
    }
    return new Finished<>(arrived, failure);
  }

  @Override
  public void cancel(RuntimeFuture<?> future) {}

  @Override
  public int slots() {
    return slots;
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public boolean isTimeUp() {
    return questionsUntilTimeUp.getAndDecrement() <= 0;
  }

  @Override
  public void log(LogLevel level, String logger, String message) {}

  @Override
  public void progress(Progress report) {
    progress.add(report);
  }

  private static final class Finished<R> implements RuntimeFuture<R> {
    private final List<Arrived<R>> arrived;
    private final @Nullable RuntimeException failure;
    private int returned;

    Finished(List<Arrived<R>> arrived, @Nullable RuntimeException failure) {
      this.arrived = arrived;
      this.failure = failure;
    }

    @Override
    public List<R> await() {
      if (failure != null) {
        throw failure;
      }
      return arrived.stream()
          .sorted((a, b) -> Integer.compare(a.slot(), b.slot()))
          .map(Arrived::result)
          .toList();
    }

    @Override
    public List<Arrived<R>> next() {
      if (failure != null) {
        throw failure;
      }
      List<Arrived<R>> one = returned < arrived.size() ? List.of(arrived.get(returned)) : List.of();
      returned += one.size();
      return one;
    }
  }
}
