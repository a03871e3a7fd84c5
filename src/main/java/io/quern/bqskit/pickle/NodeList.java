package io.quern.bqskit.pickle;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Objects;
import java.util.RandomAccess;

/// Nodes in order, in one array that grows: small, because there may be one for every byte read.
final class NodeList extends AbstractList<PickleNode> implements RandomAccess {
  private static final PickleNode[] EMPTY = {};

  private PickleNode[] items = EMPTY;
  private int size;

  NodeList() {}

  /// The items of `from` between two positions, copied.
  NodeList(PickleNode[] from, int start, int end) {
    items = start == end ? EMPTY : Arrays.copyOfRange(from, start, end);
    size = end - start;
  }

  void append(PickleNode item) {
    ensure(1);
    items[size++] = item;
  }

  void append(PickleNode[] from, int start, int end) {
    ensure(end - start);
    System.arraycopy(from, start, items, size, end - start);
    size += end - start;
  }

  private void ensure(int more) {
    if (size + more > items.length) {
      // The first items are usually all there are.
      int room = size == 0 ? more : Math.max(size + more, size + (size >> 1) + 2);
      items = Arrays.copyOf(items, room);
    }
  }

  @Override
  public PickleNode get(int index) {
    return items[Objects.checkIndex(index, size)];
  }

  @Override
  public int size() {
    return size;
  }
}
