package io.quern.worker;

import io.quern.protocol.Failure;
import io.quern.protocol.RuntimeTaskId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the results of one submit are collected for the task that made it. Each slot takes one
/// result; a second is dropped.
final class WorkerMailbox {

  /// What its owner waits for.
  private enum Wanted {
    NOTHING,
    NEXT,
    ALL
  }

  private final RuntimeTaskId owner;
  private final @Nullable Object[] results;

  /// Slots in order of arrival; the first `delivered` of them were handed out by [#next].
  private final int[] arrivals;

  private int arrived;
  private int delivered;
  private Delivery.@Nullable Failed failure;
  private Wanted wanted = Wanted.NOTHING;

  WorkerMailbox(RuntimeTaskId owner, int slots) {
    this.owner = owner;
    results = new Object[slots];
    arrivals = new int[slots];
  }

  RuntimeTaskId owner() {
    return owner;
  }

  /// Whether nothing more can come.
  boolean isComplete() {
    return arrived == results.length;
  }

  /// Takes a result; false if the slot has one.
  boolean deposit(int slot, Object result) {
    if (slot < 0 || slot >= results.length || results[slot] != null) {
      return false;
    }
    results[slot] = result;
    arrivals[arrived++] = slot;
    return true;
  }

  /// Takes a failure; false if the slot has a result or failure. The first is the one its owner
  /// hears of.
  boolean depositFailure(int slot, Failure reason) {
    if (!deposit(slot, reason)) {
      return false;
    }
    if (failure == null) {
      failure = new Delivery.Failed(slot, reason);
    }
    return true;
  }

  /// Its owner waits: what it can have at once, or null and it is woken later.
  @Nullable Delivery deliverOrWant(boolean forNext) {
    wanted = forNext ? Wanted.NEXT : Wanted.ALL;
    return takeDelivery();
  }

  /// What its owner can be woken with, if it waits and there is enough; it waits no more then.
  @Nullable Delivery takeDelivery() {
    Delivery delivery =
        switch (wanted) {
          case NOTHING -> null;
          case NEXT -> next();
          case ALL -> all();
        };
    if (delivery != null) {
      wanted = Wanted.NOTHING;
    }
    return delivery;
  }

  private @Nullable Delivery next() {
    if (failure != null) {
      return failure;
    }
    if (delivered == arrived && !isComplete()) {
      return null;
    }
    List<Delivery.Item> items = new ArrayList<>(arrived - delivered);
    for (; delivered < arrived; delivered++) {
      Object result = results[arrivals[delivered]];
      if (result != null) {
        items.add(new Delivery.Item(arrivals[delivered], result));
      }
    }
    return new Delivery.Some(items);
  }

  private @Nullable Delivery all() {
    if (failure != null) {
      return failure;
    }
    return isComplete() ? new Delivery.All(List.of(Arrays.copyOf(results, results.length))) : null;
  }
}
