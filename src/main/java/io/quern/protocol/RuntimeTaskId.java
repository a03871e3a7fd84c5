package io.quern.protocol;

/// One run of a runtime task: its return address and how often it has been handed out, from 1.
/// Results and cancels of an earlier run never touch a later one.
public record RuntimeTaskId(RuntimeAddress address, int attempt) {

  public RuntimeTaskId {
    if (attempt < 1) {
      throw new IllegalArgumentException("attempts count from 1, found " + attempt);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RuntimeTaskId that
        && attempt == that.attempt
        && address.equals(that.address);
  }

  @Override
  public int hashCode() {
    return 31 * address.hashCode() + attempt;
  }

  @Override
  public String toString() {
    return address + "#" + attempt;
  }
}
