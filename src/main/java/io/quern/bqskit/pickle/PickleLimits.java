package io.quern.bqskit.pickle;

/// How much of a pickle is read before it is refused.
///
/// Every opcode takes at most about 64 bytes of memory beside the frame itself, so `maxOpcodes` is
/// also the bound of what a tree can cost.
///
/// @param maxOpcodes opcodes in one pickle, at least 1
/// @param maxDepth how deep values may be nested in one another, at least 1
public record PickleLimits(int maxOpcodes, int maxDepth) {
  /// Enough for every pickle that is only looked into for a field or two.
  public static final PickleLimits SMALL = new PickleLimits(1 << 18, 1000);

  public PickleLimits {
    if (maxOpcodes < 1 || maxDepth < 1) {
      throw new IllegalArgumentException(
          "expected positive limits, found " + maxOpcodes + " and " + maxDepth);
    }
  }
}
