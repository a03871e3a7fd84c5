package io.quern.task;

/// How many processes ended, without having been drained or stopped, while they executed a task.
///
/// @param total all of them
/// @param alone those in which it ran alone
public record DeathCount(int total, int alone) {
  public static final DeathCount NONE = new DeathCount(0, 0);

  /// So many of the deaths must have come while the task was alone before it is given up: until
  /// then another may be to blame.
  private static final int ALONE = 2;

  public DeathCount {
    if (alone < 0 || total < alone) {
      throw new IllegalArgumentException(
          "expected 0 <= alone <= total, found " + alone + " of " + total);
    }
  }

  /// One more.
  public DeathCount and(boolean wasAlone) {
    return new DeathCount(total + 1, alone + (wasAlone ? 1 : 0));
  }

  /// Whether the task may be what ends processes, so that it must run alone.
  public boolean isSuspect() {
    return total > 0;
  }

  /// Whether the task is given up.
  ///
  /// @param limit deaths it takes; 0 if it never is
  public boolean isTooMany(int limit) {
    return limit > 0 && total >= limit && alone >= Math.min(ALONE, limit - 1);
  }

  /// In words, for people.
  @Override
  public String toString() {
    return total
        + (total == 1 ? " process" : " processes")
        + " ended while executing it, "
        + alone
        + " of them with nothing else to do";
  }
}
