package io.quern.bqskit.pickle;

import java.util.List;

/// A frozenset.
public final class FrozenSetNode extends PickleNode.Referable {
  private final NodeList items;

  FrozenSetNode(NodeList items) {
    this.items = items;
  }

  public List<PickleNode> items() {
    return items;
  }

  @Override
  public String toString() {
    return "frozenset of " + items.size();
  }
}
