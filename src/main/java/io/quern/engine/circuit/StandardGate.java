package io.quern.engine.circuit;

/// The gates known by name: OpenQASM 2's `qelib1.inc` with the additions of Qiskit's legacy set.
public enum StandardGate implements Gate {
  CX("cx", 2, 0),
  U3("u3", 1, 3);

  private final String qasmName;
  private final int qubits;
  private final int parameterCount;

  StandardGate(String qasmName, int qubits, int parameterCount) {
    this.qasmName = qasmName;
    this.qubits = qubits;
    this.parameterCount = parameterCount;
  }

  @Override
  public String qasmName() {
    return qasmName;
  }

  @Override
  public int qubits() {
    return qubits;
  }

  @Override
  public int parameterCount() {
    return parameterCount;
  }

  @Override
  public void unitary(double[] parameters, double[] out) {
    throw new UnsupportedOperationException(qasmName);
  }
}
