package io.quern.protocol;

/// The name by which a core speaks of one of its links; unique within the core's life.
public record LinkId(long value) {
  @Override
  public String toString() {
    return "link-" + value;
  }
}
