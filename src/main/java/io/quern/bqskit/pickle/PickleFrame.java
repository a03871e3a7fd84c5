package io.quern.bqskit.pickle;

import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/// A pickle that was read and may be wanted again, whole or in parts. It keeps the bytes; of the
/// tree, which takes ten times as much memory, it only remembers where it is while somebody uses
/// it, and reads the bytes again when it is gone. Thread-safe.
public final class PickleFrame {
  private final byte[] bytes;
  private final PickleLimits limits;
  private final int parts;
  private volatile WeakReference<PickleNode> tree;

  private PickleFrame(byte[] bytes, PickleLimits limits, PickleNode tree) {
    this.bytes = bytes;
    this.limits = limits;
    this.tree = new WeakReference<>(tree);
    parts = itemsOf(tree) == null ? 1 : Math.max(1, sizeOf(tree));
  }

  /// A frame whose pickle is a pair: its parts are the items of the second value if that is a list,
  /// otherwise that value is the only part.
  ///
  /// @param bytes left unchanged from now on
  /// @param tree what [PickleReader] made of them
  public static PickleFrame of(byte[] bytes, PickleLimits limits, PickleNode tree) {
    return new PickleFrame(bytes, limits, tree);
  }

  private static PickleNode second(PickleNode tree) {
    return tree instanceof TupleNode pair && pair.items().size() == 2 ? pair.items().get(1) : tree;
  }

  private static @Nullable ListNode itemsOf(PickleNode tree) {
    return second(tree) instanceof ListNode list ? list : null;
  }

  private static int sizeOf(PickleNode tree) {
    ListNode list = itemsOf(tree);
    return list == null ? 1 : list.items().size();
  }

  /// How many parts it has, at least one.
  public int parts() {
    return parts;
  }

  /// The frame as it came.
  public Pickle whole() {
    return Pickle.of(bytes);
  }

  /// In bytes.
  public int size() {
    return bytes.length;
  }

  /// The tree of a part. Parts fetched while the tree is in use belong to one tree, so what they
  /// share is shared.
  public PickleNode part(int index) {
    PickleNode read = tree.get();
    if (read == null) {
      read = PickleReader.read(bytes, limits);
      tree = new WeakReference<>(read);
    }
    ListNode list = itemsOf(read);
    return list == null ? second(read) : list.items().get(index);
  }
}
