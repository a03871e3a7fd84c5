package io.quern.protocol;

/// A range of worker ids that belongs to one manager instance and is never given out again.
///
/// An id is 64 bits: 23 of the server's epoch (its starts, so 8 million of them), 20 of the
/// instance within the epoch, 20 of the worker within the block.
///
/// @param lower first id
/// @param upper first id beyond the block
public record IdBlock(long lower, long upper) {
  /// Ids in a manager instance's block.
  public static final long SIZE = 1L << 20;

  private static final long MAX_EPOCH = (1L << 23) - 1;

  public IdBlock {
    if (lower < 0 || upper <= lower) {
      throw new IllegalArgumentException("not a block of ids: " + lower + " to " + upper);
    }
  }

  /// The block of the n-th manager instance, from 0, that an epoch has seen.
  public static IdBlock of(long epoch, long instance) {
    if (epoch < 0 || epoch > MAX_EPOCH || instance < 0 || instance >= SIZE) {
      throw new IllegalArgumentException(
          "no ids left: epoch " + epoch + ", manager instance " + instance);
    }
    long lower = (epoch << 40) | (instance << 20);
    return new IdBlock(lower, lower + SIZE);
  }

  /// The epoch in which it was given out.
  public long epoch() {
    return epochOf(lower);
  }

  /// The epoch in which a worker's id was given out.
  public static long epochOf(long workerId) {
    return workerId >>> 40;
  }

  public boolean contains(long workerId) {
    return lower <= workerId && workerId < upper;
  }
}
