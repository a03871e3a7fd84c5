package io.quern.bqskit.pickle;

import java.util.List;

/// A tuple.
public final class TupleNode extends PickleNode.Referable {
  private final List<PickleNode> items;

  TupleNode(NodeList items) {
    this.items = items;
  }

  public TupleNode(PickleNode... items) {
    this.items = List.of(items);
  }

  public TupleNode(List<? extends PickleNode> items) {
    this.items = List.copyOf(items);
  }

  public List<PickleNode> items() {
    return items;
  }

  @Override
  public String toString() {
    return "tuple of " + items.size();
  }
}
