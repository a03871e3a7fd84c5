package io.quern.engine.qasm;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Gate;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes circuits as OpenQASM 2 that [QasmReader], Qiskit (strict and legacy) and BQSKit read.
///
/// One quantum register, no broadcast; every gate outside the original `qelib1.inc` is defined in
/// the text; parameters are the shortest decimals that read back as the same doubles.
public final class QasmWriter {
  private static final String REGISTER = "q";

  private final StringBuilder out = new StringBuilder();
  private final Circuit circuit;
  private final Set<String> classicalNames = new HashSet<>();

  /// Names of the gates that had to be defined.
  private final Map<StandardGate, String> definedNames = new EnumMap<>(StandardGate.class);

  private final String register;

  private QasmWriter(Circuit circuit) {
    this.circuit = circuit;
    for (ClassicalRegister classical : circuit.classicalRegisters()) {
      classicalNames.add(classical.name());
    }
    this.register = freeName(REGISTER);
  }

  /// The circuit's text, for which `QasmReader.read` returns an equal circuit, unless a classical
  /// register has the name of a gate that must be defined; then that gate comes back expanded.
  public static String write(Circuit circuit) {
    return new QasmWriter(circuit).text();
  }

  private String text() {
    out.append("OPENQASM 2.0;\n");
    out.append("include \"qelib1.inc\";\n");
    for (Operation operation : circuit.operations()) {
      defineGates(operation);
    }
    out.append("qreg ").append(register).append('[').append(circuit.qubits()).append("];\n");
    for (ClassicalRegister classical : circuit.classicalRegisters()) {
      out.append("creg ").append(classical.name());
      out.append('[').append(classical.size()).append("];\n");
    }
    for (Operation operation : circuit.operations()) {
      write(operation);
    }
    return out.toString();
  }

  private void defineGates(Operation operation) {
    switch (operation) {
      case GateOperation(StandardGate gate, Location _, Parameters _) -> define(gate);
      case Conditional(int _, java.math.BigInteger _, Operation body) -> defineGates(body);
      case Measurement _, Reset _, Barrier _ -> {}
    }
  }

  private void define(StandardGate gate) {
    @Nullable LibraryText text = LibraryText.of(gate);
    if (text == null || definedNames.containsKey(gate)) {
      return;
    }
    String body = text.body();
    for (StandardGate needed : LibraryText.needed(gate)) {
      define(needed);
      body = body.replace(needed.qasmName() + " ", name(needed) + " ");
    }
    String name = freeName(gate.qasmName());
    definedNames.put(gate, name);
    out.append("gate ").append(name);
    if (!text.parameters().isEmpty()) {
      out.append('(').append(text.parameters()).append(')');
    }
    out.append(' ').append(text.qubits()).append(" { ").append(body).append(" }\n");
  }

  private void write(Operation operation) {
    switch (operation) {
      case GateOperation(Gate gate, Location location, Parameters parameters) -> {
        out.append(name(gate));
        if (parameters.size() > 0) {
          out.append('(');
          for (int i = 0; i < parameters.size(); i++) {
            out.append(i == 0 ? "" : ",").append(parameters.get(i));
          }
          out.append(')');
        }
        out.append(' ');
        qubits(location);
      }
      case Barrier(Location location) -> {
        out.append("barrier ");
        qubits(location);
      }
      case Measurement(int qubit, int classical, int bit) -> {
        out.append("measure ");
        qubit(qubit);
        out.append(" -> ").append(circuit.classicalRegisters().get(classical).name());
        out.append('[').append(bit).append("];\n");
      }
      case Reset(int qubit) -> {
        out.append("reset ");
        qubit(qubit);
        out.append(";\n");
      }
      case Conditional(int classical, java.math.BigInteger value, Operation body) -> {
        out.append("if(").append(circuit.classicalRegisters().get(classical).name());
        out.append("==").append(value).append(") ");
        write(body);
      }
    }
  }

  private void qubits(Location location) {
    for (int i = 0; i < location.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      qubit(location.get(i));
    }
    out.append(";\n");
  }

  private void qubit(int qubit) {
    out.append(register).append('[').append(qubit).append(']');
  }

  private String name(Gate gate) {
    return switch (gate) {
      case StandardGate standard -> definedNames.getOrDefault(standard, standard.qasmName());
    };
  }

  /// A name no classical register has.
  private String freeName(String wanted) {
    String name = wanted;
    while (classicalNames.contains(name)) {
      name = name + "_";
    }
    return name;
  }
}
