package io.quern.engine.synthesis;

/// A way to make two-qubit interactions from one kind of entangling gate.
sealed interface EntanglingMethod permits AxisGates, SwappingGate, TwofoldGate {

  /// Gates needed for the coordinates of the Weyl chamber.
  int cost(double x, double y, double z);

  /// Writes `exp(i (x XX + y YY + z ZZ))` on qubits a and b.
  void emit(int a, int b, double x, double y, double z, NativeWriter out);
}
