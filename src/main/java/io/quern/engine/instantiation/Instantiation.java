package io.quern.engine.instantiation;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Rotation;
import java.util.ArrayList;
import java.util.List;

/// A template with its free gates chosen for a target.
///
/// @param gates the free gates in the template's order
/// @param distance D1 = 1 - |Tr(C^dagger U)|/d from the target, measured as a sum of squares, so
///   that values far below 1e-16 mean something
public record Instantiation(Template template, List<Rotation> gates, double distance) {
  public Instantiation {
    gates = List.copyOf(gates);
    if (gates.size() != template.freeGates()) {
      throw new IllegalArgumentException(
          gates.size() + " gates for a template with " + template.freeGates());
    }
  }

  /// A circuit of one-qubit gates, cz and cx.
  ///
  /// @throws IllegalArgumentException if it has anything else but barriers, or more qubits than
  ///   [Template#MAX_QUBITS]
  public static Instantiation of(Circuit circuit) {
    return new TemplateReader(circuit).result();
  }

  /// The circuit without its two-qubit gate number k, the free gates around it multiplied. It is no
  /// longer near the target; the distance is given as 1.
  public Instantiation without(int k) {
    List<Rotation> kept = new ArrayList<>(gates);
    int gate = template.qubits() + 2 * k;
    for (int after = gate + 1; after >= gate; after--) {
      int before = after - 1;
      while (template.qubitOf(before) != template.qubitOf(after)) {
        before--;
      }
      kept.set(before, gates.get(after).after(gates.get(before)));
      kept.remove(after);
    }
    return new Instantiation(template.without(k), kept, 1);
  }

  /// How many two-qubit gates it has.
  public int size() {
    return template.size();
  }

  /// Passes the circuit gate by gate, in order.
  public void write(Writer writer) {
    for (int qubit = 0; qubit < template.qubits(); qubit++) {
      writer.local(qubit, gates.get(qubit));
    }
    for (int k = 0; k < template.size(); k++) {
      int a = template.first(k);
      int b = template.second(k);
      int gate = template.qubits() + 2 * k;
      writer.cz(a, b);
      writer.local(a, gates.get(gate));
      writer.local(b, gates.get(gate + 1));
    }
  }

  /// The circuit in cz and u3; equal to the target up to global phase and [#distance].
  public Circuit circuit() {
    Circuit.Builder builder = Circuit.builder(template.qubits());
    write(
        new Writer() {
          @Override
          public void local(int qubit, Rotation gate) {
            if (!gate.isIdentity(0)) {
              double[] angles = new double[3];
              U3Angles.write(gate.w(), gate.x(), gate.y(), gate.z(), angles);
              builder.gate(StandardGate.U3, Parameters.of(angles), qubit);
            }
          }

          @Override
          public void cz(int a, int b) {
            builder.gate(StandardGate.CZ, a, b);
          }
        });
    return builder.build();
  }

  /// What [#write] calls.
  public interface Writer {
    void local(int qubit, Rotation gate);

    /// A CZ, which is symmetric.
    void cz(int a, int b);
  }
}
