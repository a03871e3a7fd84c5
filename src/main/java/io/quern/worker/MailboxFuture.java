package io.quern.worker;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeFuture;
import io.quern.engine.pass.RuntimeTaskException;
import io.quern.protocol.EncodedValue;
import io.quern.protocol.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// The children behind one mailbox, as their parent's function sees them; for its thread only.
final class MailboxFuture<R> implements RuntimeFuture<R> {

  /// A child's failure on its way through its parent; if the parent lets it pass, the parent fails
  /// for the same reason.
  static final class ChildFailedException extends RuntimeTaskException {
    private static final long serialVersionUID = 1L;
    private final transient Failure failure;

    private ChildFailedException(Failure failure) {
      super(failure.message());
      this.failure = failure;
    }

    Failure failure() {
      return failure;
    }
  }

  /// Each is kept with each child until that is over.
  private static final int MOST_SAID = 256;

  private final RunningTask owner;
  private final RuntimeFunction<?, ?> function;
  private final long mailbox;
  private final int slots;
  private @Nullable List<R> results;
  private int delivered;
  private boolean isCancelled;
  private int said;

  /// @param function what the children run
  MailboxFuture(RunningTask owner, RuntimeFunction<?, ?> function, long mailbox, int slots) {
    this.owner = owner;
    this.function = function;
    this.mailbox = mailbox;
    this.slots = slots;
  }

  long mailbox() {
    return mailbox;
  }

  RuntimeFunction<?, ?> function() {
    return function;
  }

  boolean isEmpty() {
    return slots == 0;
  }

  /// The number of what the children are told next.
  ///
  /// @throws IllegalStateException if they were told too much
  int countSaid() {
    if (said == MOST_SAID) {
      throw new IllegalStateException(
          "a task tells the tasks behind one future at most " + MOST_SAID + " things");
    }
    return ++said;
  }

  boolean belongsTo(RunningTask task) {
    return owner == task;
  }

  void markCancelled() {
    isCancelled = true;
  }

  @Override
  public List<R> await() {
    List<R> known = results;
    if (known != null) {
      return known;
    }
    if (slots == 0) {
      results = List.of();
      return List.of();
    }
    checkNotCancelled();
    return switch (owner.await(mailbox, false)) {
      case Delivery.All(List<Object> all) -> {
        List<R> mine = cast(all);
        results = mine;
        delivered = slots;
        yield mine;
      }
      case Delivery.Failed(int _, Failure failure) -> throw new ChildFailedException(failure);
      case Delivery.Some some -> throw new IllegalStateException("asked for all, got " + some);
    };
  }

  @Override
  public List<Arrived<R>> next() {
    if (delivered == slots) {
      return List.of();
    }
    checkNotCancelled();
    return switch (owner.await(mailbox, true)) {
      case Delivery.Some(List<Delivery.Item> items) -> {
        List<Arrived<R>> arrived = new ArrayList<>(items.size());
        for (Delivery.Item item : items) {
          // The function's own type says what its results are.
          @SuppressWarnings("unchecked")
          R result = (R) EncodedValue.decoded(item.result());
          arrived.add(new Arrived<>(item.slot(), result));
        }
        delivered += items.size();
        yield List.copyOf(arrived);
      }
      case Delivery.Failed(int _, Failure failure) -> throw new ChildFailedException(failure);
      case Delivery.All all -> throw new IllegalStateException("asked for the next, got " + all);
    };
  }

  private void checkNotCancelled() {
    if (isCancelled) {
      throw new CancellationException("the future's runtime tasks were cancelled");
    }
  }

  /// The function's own type says what its results are.
  @SuppressWarnings("unchecked")
  private static <R> List<R> cast(List<Object> results) {
    for (Object result : results) {
      if (result instanceof EncodedValue) {
        return (List<R>) results.stream().map(EncodedValue::decoded).toList();
      }
    }
    return (List<R>) results;
  }
}
