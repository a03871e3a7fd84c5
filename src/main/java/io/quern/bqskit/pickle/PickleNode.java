package io.quern.bqskit.pickle;

import java.math.BigInteger;

/// A value of a pickle, as its opcodes describe it. Classes, calls and states are only numbered:
/// nothing is looked up, called or made.
///
/// Two references to one object in Python are two references to one node, so a tree may have shared
/// parts and cycles (through [ListNode], [DictNode], [SetNode] and [InstanceNode]); equality is
/// identity except for numbers and constants. Trees are filled only by [PickleReader]; once it has
/// returned, they do not change and may be read by many threads.
public sealed interface PickleNode {

  /// The three constants with opcodes of their own.
  enum Constant implements PickleNode {
    NONE,
    FALSE,
    TRUE
  }

  /// An integer of at most 64 bits.
  record Int(long value) implements PickleNode {}

  /// An integer of more than 64 bits.
  record BigInt(BigInteger value) implements PickleNode {}

  /// A float.
  record Real(double value) implements PickleNode {}

  /// A value that more than one place may refer to.
  abstract sealed class Referable implements PickleNode
      permits TextNode,
          BytesNode,
          GlobalNode,
          TupleNode,
          ListNode,
          DictNode,
          SetNode,
          FrozenSetNode,
          InstanceNode,
          LaterNode {
    private boolean shared;
    private boolean numbered;

    /// Whether more than one place refers to it, which a writer has to keep.
    final boolean isShared() {
      return shared;
    }

    /// A second place refers to it.
    final void share() {
      shared = true;
    }

    /// Whether it has a number in the memo, by which it can be referred to.
    final boolean hasNumber() {
      return numbered;
    }

    /// It got a number in the memo.
    final void giveNumber() {
      numbered = true;
    }
  }
}
