package io.quern.bqskit.pickle;

import org.jspecify.annotations.Nullable;

/// A dictionary: keys and values in the order they were set; a key may be set twice, and the last
/// value is the one that counts.
public final class DictNode extends PickleNode.Referable {
  private final NodeList entries = new NodeList();

  /// An empty dictionary.
  public DictNode() {}

  /// Adds an entry to a dictionary that is still being made.
  public DictNode with(TextNode key, PickleNode value) {
    entries.append(key);
    entries.append(value);
    return this;
  }

  /// Number of entries.
  public int size() {
    return entries.size() / 2;
  }

  public PickleNode key(int index) {
    return entries.get(2 * index);
  }

  public PickleNode value(int index) {
    return entries.get(2 * index + 1);
  }

  /// The value under a text, or null.
  public @Nullable PickleNode get(String key) {
    for (int i = size() - 1; i >= 0; i--) {
      if (key(i) instanceof TextNode text && text.is(key)) {
        return value(i);
      }
    }
    return null;
  }

  /// Keys and values in turn.
  NodeList content() {
    return entries;
  }

  @Override
  public String toString() {
    return "dict of " + size();
  }
}
