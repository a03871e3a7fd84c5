package io.quern.bqskit.pickle;

import java.util.Collections;
import java.util.List;

/// A list.
public final class ListNode extends PickleNode.Referable {
  private final NodeList items = new NodeList();

  ListNode() {}

  public ListNode(List<? extends PickleNode> items) {
    items.forEach(this.items::append);
  }

  public List<PickleNode> items() {
    return Collections.unmodifiableList(items);
  }

  NodeList content() {
    return items;
  }

  @Override
  public String toString() {
    return "list of " + items.size();
  }
}
