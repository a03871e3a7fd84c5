package io.quern.manager;

import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The worker ids a manager was given by its boss, which it gives to those below it, and who waits
/// for some. None is given out twice.
final class IdPool {

  /// An employee that has workers of its own gets this part of the ids its boss was given, and asks
  /// for more when it needs them; but never fewer than so many, however many managers are above.
  private static final long NODE_PART = 64;

  private static final long FEWEST_NODE_IDS = 16;

  /// All the boss has given, in order.
  private final List<IdBlock> given = new ArrayList<>();

  /// Not given out yet; null before the boss has given any, and when all are given.
  private @Nullable IdBlock free;

  /// How many an employee with workers of its own gets.
  private long nodeIds;

  private final Deque<LinkId> waiting = new ArrayDeque<>();

  /// The boss gives more. What was left of those before is not given out any more.
  void add(IdBlock block) {
    long size = block.upper() - block.lower();
    given.add(block);
    free = block;
    nodeIds = Math.min(size, Math.max(FEWEST_NODE_IDS, size / NODE_PART));
  }

  /// Whether the boss has given any.
  boolean isOpen() {
    return !given.isEmpty();
  }

  List<IdBlock> given() {
    return List.copyOf(given);
  }

  /// Whether all of these were taken from here.
  boolean areMine(List<IdBlock> ids) {
    return ids.stream().allMatch(each -> given.stream().anyMatch(mine -> isPart(each, mine)));
  }

  private static boolean isPart(IdBlock part, IdBlock whole) {
    return whole.contains(part.lower()) && whole.contains(part.upper() - 1);
  }

  /// Takes ids for an employee; null if there are not as many, and then it waits for some.
  ///
  /// @param hasWorkers whether it is to give them to workers of its own
  @Nullable IdBlock take(LinkId employee, boolean hasWorkers) {
    long wanted = hasWorkers ? nodeIds : 1;
    IdBlock rest = free;
    if (rest == null || rest.upper() - rest.lower() < wanted) {
      waiting.add(employee);
      return null;
    }
    long next = rest.lower() + wanted;
    free = next == rest.upper() ? null : new IdBlock(next, rest.upper());
    return new IdBlock(rest.lower(), next);
  }

  /// Whether somebody waits for ids.
  boolean isWaitedFor() {
    return !waiting.isEmpty();
  }

  /// Takes everybody who waits from the list.
  List<LinkId> takeWaiting() {
    List<LinkId> all = List.copyOf(waiting);
    waiting.clear();
    return all;
  }

  /// An employee is gone and waits no more.
  void forget(LinkId employee) {
    waiting.removeIf(employee::equals);
  }
}
