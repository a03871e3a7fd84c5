package io.quern.bqskit.pickle;

import java.util.Collections;
import java.util.List;

/// A set, in the order in which its items were added.
public final class SetNode extends PickleNode.Referable {
  private final NodeList items = new NodeList();

  SetNode() {}

  public List<PickleNode> items() {
    return Collections.unmodifiableList(items);
  }

  NodeList content() {
    return items;
  }

  @Override
  public String toString() {
    return "set of " + items.size();
  }
}
