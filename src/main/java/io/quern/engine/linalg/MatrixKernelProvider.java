package io.quern.engine.linalg;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import jdk.incubator.vector.DoubleVector;

/// Chooses the kernels once: vectors if the module with the Vector API is there and the processor
/// has vectors of four doubles or more, else plain Java.
final class MatrixKernelProvider {
  private static final String MODULE = "jdk.incubator.vector";
  private static final Logger LOGGER = System.getLogger(MatrixKernelProvider.class.getName());

  private MatrixKernelProvider() {}

  static MatrixKernel choose() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      LOGGER.log(
          Level.INFO,
          "scalar kernels: start Java with --add-modules={0} for the vector kernels",
          MODULE);
      return new ScalarMatrixKernel();
    }
    return Vectors.kernel();
  }

  static RowKernel chooseRows() {
    return ModuleLayer.boot().findModule(MODULE).isEmpty()
        ? new ScalarRowKernel()
        : Vectors.rowKernel();
  }

  static StateKernel chooseStates() {
    return ModuleLayer.boot().findModule(MODULE).isEmpty()
        ? new ScalarStateKernel()
        : Vectors.stateKernel();
  }

  /// Apart, so that nothing asks for the Vector API's classes where they are missing.
  private static final class Vectors {
    static MatrixKernel kernel() {
      int bits = DoubleVector.SPECIES_PREFERRED.vectorBitSize();
      if (bits >= 512) {
        return new Vector512MatrixKernel();
      }
      if (bits >= 256) {
        return new Vector256MatrixKernel();
      }
      LOGGER.log(
          Level.INFO, "scalar kernels: this processor has vectors of {0} bits, 256 needed", bits);
      return new ScalarMatrixKernel();
    }

    static StateKernel stateKernel() {
      return DoubleVector.SPECIES_PREFERRED.vectorBitSize() >= 256
          ? new VectorStateKernel()
          : new ScalarStateKernel();
    }

    static RowKernel rowKernel() {
      return DoubleVector.SPECIES_PREFERRED.vectorBitSize() >= 256
          ? new VectorRowKernel()
          : new ScalarRowKernel();
    }
  }
}
