package io.quern.testing;

import java.util.Locale;

/// A dense complex matrix that does everything the slow and obvious way.
///
/// Rows and columns are indexed from 0; where an index stands for qubits, qubit 0 is its most
/// significant bit. Mutable only within this package, while it is being filled.
public final class ComplexMatrix {
  private final int rows;
  private final int columns;
  private final double[] re;
  private final double[] im;

  ComplexMatrix(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    this.re = new double[rows * columns];
    this.im = new double[rows * columns];
  }

  /// A square matrix from its entries row by row, real and imaginary parts taking turns.
  public static ComplexMatrix ofInterleaved(int dimension, double... entries) {
    if (entries.length != 2 * dimension * dimension) {
      throw new IllegalArgumentException(
          "expected " + 2 * dimension * dimension + " numbers, found " + entries.length);
    }
    ComplexMatrix matrix = new ComplexMatrix(dimension, dimension);
    for (int i = 0; i < dimension * dimension; i++) {
      matrix.re[i] = entries[2 * i];
      matrix.im[i] = entries[2 * i + 1];
    }
    return matrix;
  }

  public static ComplexMatrix identity(int dimension) {
    ComplexMatrix matrix = new ComplexMatrix(dimension, dimension);
    for (int i = 0; i < dimension; i++) {
      matrix.set(i, i, 1, 0);
    }
    return matrix;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  public double re(int row, int column) {
    return re[row * columns + column];
  }

  public double im(int row, int column) {
    return im[row * columns + column];
  }

  void set(int row, int column, double real, double imaginary) {
    re[row * columns + column] = real;
    im[row * columns + column] = imaginary;
  }

  void add(int row, int column, double real, double imaginary) {
    re[row * columns + column] += real;
    im[row * columns + column] += imaginary;
  }

  public ComplexMatrix times(ComplexMatrix right) {
    if (columns != right.rows) {
      throw new IllegalArgumentException(columns + " columns times " + right.rows + " rows");
    }
    ComplexMatrix product = new ComplexMatrix(rows, right.columns);
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < columns; k++) {
        double a = re(i, k);
        double b = im(i, k);
        if (a == 0 && b == 0) {
          continue;
        }
        for (int j = 0; j < right.columns; j++) {
          double c = right.re(k, j);
          double d = right.im(k, j);
          product.add(i, j, a * c - b * d, a * d + b * c);
        }
      }
    }
    return product;
  }

  public ComplexMatrix adjoint() {
    ComplexMatrix adjoint = new ComplexMatrix(/* rows= */ columns, /* columns= */ rows);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        adjoint.set(j, i, re(i, j), -im(i, j));
      }
    }
    return adjoint;
  }

  /// The Kronecker product with `right` on the less significant bits.
  public ComplexMatrix kron(ComplexMatrix right) {
    ComplexMatrix product = new ComplexMatrix(rows * right.rows, columns * right.columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        for (int k = 0; k < right.rows; k++) {
          for (int l = 0; l < right.columns; l++) {
            product.set(
                i * right.rows + k,
                j * right.columns + l,
                re(i, j) * right.re(k, l) - im(i, j) * right.im(k, l),
                re(i, j) * right.im(k, l) + im(i, j) * right.re(k, l));
          }
        }
      }
    }
    return product;
  }

  /// The matrix times e^(i·angle).
  public ComplexMatrix phased(double angle) {
    ComplexMatrix phased = new ComplexMatrix(rows, columns);
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    for (int i = 0; i < re.length; i++) {
      phased.re[i] = c * re[i] - s * im[i];
      phased.im[i] = s * re[i] + c * im[i];
    }
    return phased;
  }

  /// Identity where the new most significant qubit is 0, this matrix where it is 1.
  public ComplexMatrix controlled() {
    ComplexMatrix controlled = identity(2 * rows);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        controlled.set(rows + i, columns + j, re(i, j), im(i, j));
      }
    }
    return controlled;
  }

  /// Applies a gate to chosen qubits of the row index, in place.
  ///
  /// @param gate square, 2^k rows
  /// @param qubits in all, so that there are 2^qubits rows
  /// @param location k different qubits; the first is the most significant of the gate's index
  void applyToRows(ComplexMatrix gate, int qubits, int... location) {
    int size = gate.rows;
    int[] offset = new int[size];
    for (int g = 0; g < size; g++) {
      for (int k = 0; k < location.length; k++) {
        if ((g >> (location.length - 1 - k) & 1) == 1) {
          offset[g] |= 1 << (qubits - 1 - location[k]);
        }
      }
    }
    double[] oldRe = new double[size];
    double[] oldIm = new double[size];
    for (int base = 0; base < rows; base++) {
      if ((base & offset[size - 1]) != 0) {
        continue;
      }
      for (int column = 0; column < columns; column++) {
        for (int g = 0; g < size; g++) {
          oldRe[g] = re(base | offset[g], column);
          oldIm[g] = im(base | offset[g], column);
        }
        for (int g = 0; g < size; g++) {
          double real = 0;
          double imaginary = 0;
          for (int h = 0; h < size; h++) {
            real += gate.re(g, h) * oldRe[h] - gate.im(g, h) * oldIm[h];
            imaginary += gate.re(g, h) * oldIm[h] + gate.im(g, h) * oldRe[h];
          }
          set(base | offset[g], column, real, imaginary);
        }
      }
    }
  }

  ComplexMatrix copy() {
    ComplexMatrix copy = new ComplexMatrix(rows, columns);
    System.arraycopy(re, 0, copy.re, 0, re.length);
    System.arraycopy(im, 0, copy.im, 0, im.length);
    return copy;
  }

  /// The sum of squared magnitudes of all entries.
  public double normSquared() {
    double sum = 0;
    for (int i = 0; i < re.length; i++) {
      sum += re[i] * re[i] + im[i] * im[i];
    }
    return sum;
  }

  /// min over φ of ‖this − e^(iφ)·other‖² (Frobenius), digits kept: the difference is formed entry
  /// by entry, never as a difference of norms.
  public double distanceSquaredUpToPhase(ComplexMatrix other) {
    if (rows != other.rows || columns != other.columns) {
      throw new IllegalArgumentException("matrices of different shape");
    }
    double overlapRe = 0;
    double overlapIm = 0;
    for (int i = 0; i < re.length; i++) {
      overlapRe += other.re[i] * re[i] + other.im[i] * im[i];
      overlapIm += other.re[i] * im[i] - other.im[i] * re[i];
    }
    ComplexMatrix turned = other.phased(Math.atan2(overlapIm, overlapRe));
    double sum = 0;
    for (int i = 0; i < re.length; i++) {
      double real = re[i] - turned.re[i];
      double imaginary = im[i] - turned.im[i];
      sum += real * real + imaginary * imaginary;
    }
    return sum;
  }

  /// |Σ conj(this)·other|² over all entries.
  double overlapSquared(ComplexMatrix other) {
    double real = 0;
    double imaginary = 0;
    for (int i = 0; i < re.length; i++) {
      real += re[i] * other.re[i] + im[i] * other.im[i];
      imaginary += re[i] * other.im[i] - im[i] * other.re[i];
    }
    return real * real + imaginary * imaginary;
  }

  /// The largest magnitude among the entries of this − other.
  public double maxDifference(ComplexMatrix other) {
    double max = 0;
    for (int i = 0; i < re.length; i++) {
      max = Math.max(max, Math.hypot(re[i] - other.re[i], im[i] - other.im[i]));
    }
    return max;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        text.append(String.format(Locale.ROOT, "%8.4f%+8.4fi ", re(i, j), im(i, j)));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
