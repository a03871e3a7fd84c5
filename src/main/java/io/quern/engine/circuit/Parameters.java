package io.quern.engine.circuit;

import java.util.Arrays;

/// The finite real parameters of a gate, in radians, in the gate's order.
public final class Parameters {
  public static final Parameters NONE = new Parameters(new double[0]);

  private final double[] values;

  private Parameters(double[] values) {
    this.values = values;
  }

  /// @throws IllegalArgumentException if a value is not finite
  public static Parameters of(double... values) {
    if (values.length == 0) {
      return NONE;
    }
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("parameter is not finite: " + Arrays.toString(values));
      }
    }
    return new Parameters(values.clone());
  }

  public int size() {
    return values.length;
  }

  public double get(int index) {
    return values[index];
  }

  /// A fresh copy of the values, in order.
  public double[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Parameters that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
