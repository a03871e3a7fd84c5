package io.quern.worker;

import io.quern.protocol.Failure;
import java.util.List;

/// What a task that awaited children is woken with.
public sealed interface Delivery {

  /// Every result, in slot order.
  record All(List<Object> results) implements Delivery {}

  /// The results that have come since the last delivery, in order of arrival; none once every
  /// result was delivered.
  record Some(List<Item> items) implements Delivery {}

  /// A child failed.
  record Failed(int slot, Failure failure) implements Delivery {}

  /// @param slot the child's place among the arguments
  record Item(int slot, Object result) {}
}
