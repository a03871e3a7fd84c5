package io.quern.bqskit.pickle;

/// How much of a pickle is read before it is refused.
///
/// @param maxBytes memory its tree may take, beside the frame itself, as [Opcode#cost] estimates
///   it; at least 1000
/// @param maxDepth how deep values may be nested in one another, at least 1
public record PickleLimits(long maxBytes, int maxDepth) {
  /// Enough for every pickle that is only looked into for a field or two.
  public static final PickleLimits SMALL = new PickleLimits(16 << 20, 1000);

  public PickleLimits {
    if (maxBytes < 1000 || maxDepth < 1) {
      throw new IllegalArgumentException(
          "expected at least 1000 bytes and a depth of 1, found " + maxBytes + " and " + maxDepth);
    }
  }

  /// A part of the memory that this JVM may take at most.
  ///
  /// @param share such as 8 for an eighth
  public static PickleLimits shareOfMemory(int share) {
    return new PickleLimits(Runtime.getRuntime().maxMemory() / share, 1000);
  }
}
