package io.quern.worker;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeFuture;
import io.quern.protocol.EncodedValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Results some of which are known from an earlier run of the compilation; only the others become
/// runtime tasks. For its function's thread only.
final class FoundFuture<R> implements RuntimeFuture<R> {
  /// By slot; null where a child has to be asked.
  private final List<@Nullable Object> found;

  /// The slots that are not known, in order: those of `fresh`.
  private final List<Integer> missing;

  private final MailboxFuture<R> fresh;
  private boolean hasGivenFound;

  private FoundFuture(List<@Nullable Object> found, List<Integer> missing, MailboxFuture<R> fresh) {
    this.found = found;
    this.missing = missing;
    this.fresh = fresh;
  }

  static <A, R> RuntimeFuture<R> submit(
      RunningTask task, RuntimeFunction<A, R> function, List<A> arguments) {
    List<@Nullable Object> found = new ArrayList<>(arguments.size());
    List<Integer> missing = new ArrayList<>();
    List<A> unknown = new ArrayList<>();
    for (int slot = 0; slot < arguments.size(); slot++) {
      Object result = task.earlierResult(function, arguments.get(slot));
      found.add(result);
      if (result == null) {
        missing.add(slot);
        unknown.add(arguments.get(slot));
      }
    }
    return new FoundFuture<>(found, missing, task.submitFresh(function, unknown));
  }

  /// The part that is being computed.
  MailboxFuture<R> fresh() {
    return fresh;
  }

  @Override
  public List<R> await() {
    List<@Nullable R> all = new ArrayList<>(found.size());
    for (Object each : found) {
      all.add(each == null ? null : read(each));
    }
    List<R> computed = fresh.await();
    for (int i = 0; i < missing.size(); i++) {
      all.set(missing.get(i), computed.get(i));
    }
    List<R> complete = new ArrayList<>(all.size());
    for (R each : all) {
      if (each != null) {
        complete.add(each);
      }
    }
    return List.copyOf(complete);
  }

  @Override
  public List<Arrived<R>> next() {
    List<Arrived<R>> arrived = new ArrayList<>();
    if (!hasGivenFound) {
      hasGivenFound = true;
      for (int slot = 0; slot < found.size(); slot++) {
        Object each = found.get(slot);
        if (each != null) {
          arrived.add(new Arrived<>(slot, read(each)));
        }
      }
      if (!arrived.isEmpty()) {
        return List.copyOf(arrived);
      }
    }
    for (Arrived<R> each : fresh.next()) {
      arrived.add(new Arrived<>(missing.get(each.slot()), each.result()));
    }
    return List.copyOf(arrived);
  }

  /// The function's own type says what its results are.
  @SuppressWarnings("unchecked")
  private R read(Object kept) {
    return (R) EncodedValue.decoded(kept);
  }
}
