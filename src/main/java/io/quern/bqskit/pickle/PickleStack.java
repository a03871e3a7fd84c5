package io.quern.bqskit.pickle;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The stack of Python's unpickler: the values being put together, how deep each of them is nested,
/// and the marks between them. Nothing below the last mark can be taken off.
///
/// Whatever is asked of it, it has it or refuses the pickle.
final class PickleStack {
  /// The depth of an entry that was fetched from the memo, not made at its place.
  static final int FETCHED = -1;

  private final PickleInput in;
  private final int maxDepth;
  private @Nullable PickleNode[] nodes = new PickleNode[32];
  private int[] depths = new int[32];
  private int height;

  /// Heights where marks were set.
  private int[] marks = new int[8];

  private int markCount;

  /// @param in what is read, which is refused if it asks for what is not there
  /// @param maxDepth how deep values and marks may be nested
  PickleStack(PickleInput in, int maxDepth) {
    this.in = in;
    this.maxDepth = maxDepth;
  }

  /// How many values are on it.
  int height() {
    return height;
  }

  /// The value that is left when the pickle ends.
  PickleNode last() {
    if (height != 1 || markCount != 0) {
      throw in.refuse("expected one value, found " + height + " and " + markCount + " open marks");
    }
    return pop();
  }

  void push(PickleNode node, int depth) {
    requireDepth(depth);
    if (height == nodes.length) {
      nodes = Arrays.copyOf(nodes, height + (height >> 1));
      depths = Arrays.copyOf(depths, nodes.length);
    }
    nodes[height] = node;
    depths[height++] = depth;
  }

  private void requireDepth(int depth) {
    if (depth > maxDepth) {
      throw in.refuse("values nested more than " + maxDepth + " deep");
    }
  }

  /// The height of the last mark.
  private int floor() {
    return markCount == 0 ? 0 : marks[markCount - 1];
  }

  private void requireTop() {
    if (height <= floor()) {
      throw in.refuse("nothing is on the stack");
    }
  }

  PickleNode pop() {
    requireTop();
    PickleNode node = at(--height);
    nodes[height] = null;
    return node;
  }

  PickleNode top() {
    requireTop();
    return at(height - 1);
  }

  /// How deep the value on top is nested, or [#FETCHED]; 0 if there is none.
  int topDepth() {
    return height == 0 ? 0 : depths[height - 1];
  }

  /// Whether nothing lies above the last mark.
  boolean isEmptyAboveMark() {
    return height <= floor();
  }

  /// Puts another value in the place of the one on top.
  void replaceTop(PickleNode node) {
    requireTop();
    nodes[height - 1] = node;
  }

  /// The value on top gets as deep as this by what was put into it.
  void raise(int depth) {
    requireDepth(depth);
    depths[height - 1] = Math.max(depths[height - 1], depth);
  }

  private PickleNode at(int index) {
    PickleNode node = nodes[index];
    if (node == null) {
      throw new IllegalStateException("nothing at " + index + " of " + height);
    }
    return node;
  }

  /// The value at a height below which something is to be put into it; null if it was fetched.
  @Nullable PickleNode madeBelow(int from) {
    return depths[from - 1] == FETCHED ? null : at(from - 1);
  }

  void mark() {
    requireDepth(markCount + 1);
    if (markCount == marks.length) {
      marks = Arrays.copyOf(marks, markCount * 2);
    }
    marks[markCount++] = height;
  }

  int popMark() {
    if (markCount == 0) {
      throw in.refuse("no mark is on the stack");
    }
    return marks[--markCount];
  }

  /// Takes off the last mark if nothing lies above it.
  ///
  /// @return whether it did
  boolean dropMark() {
    if (markCount == 0 || height != floor()) {
      return false;
    }
    markCount--;
    return true;
  }

  /// Takes what lies above a height off the stack.
  NodeList take(int from) {
    if (from < floor()) {
      throw in.refuse("nothing is on the stack");
    }
    NodeList items = new NodeList(withoutHoles(), from, height);
    discard(from);
    return items;
  }

  /// Moves what lies above a height into a container.
  void moveInto(NodeList content, int from) {
    content.append(withoutHoles(), from, height);
    discard(from);
  }

  @SuppressWarnings("NullAway") // below the height there are no holes
  private PickleNode[] withoutHoles() {
    return nodes;
  }

  private void discard(int from) {
    Arrays.fill(nodes, from, height, null);
    height = from;
  }

  /// One more than the depth of the deepest value above a height.
  int around(int from) {
    int deepest = 0;
    for (int i = Math.max(from, 0); i < height; i++) {
      deepest = Math.max(deepest, depths[i]);
    }
    return deepest + 1;
  }

  /// There is a value below a height to put things into; returns how deep that makes it.
  int requireTarget(int from) {
    if (from - 1 < floor() || from > height) {
      throw in.refuse("no object is below what is put into it");
    }
    return around(from);
  }

  /// What lies above a height are keys and values in turn.
  void requirePairs(int from) {
    if ((height - from) % 2 != 0) {
      throw in.refuse("expected keys and values in turn, found " + (height - from) + " items");
    }
  }
}
