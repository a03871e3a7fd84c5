package io.quern.engine.simulation;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import java.util.List;

/// A circuit on logical qubits and the circuit on physical qubits that should carry it out, ready
/// to be simulated side by side.
///
/// Physical qubits that no operation touches and no logical qubit uses are left out: they stay in
/// |0>.
///
/// @param input on n logical qubits
/// @param output on the physical qubits in use, without barriers
/// @param initialPlaces where logical qubit i starts among the qubits of `output`
/// @param finalPlaces where logical qubit i ends among the qubits of `output`
record MappedCircuits(
    Circuit input, Circuit output, List<Integer> initialPlaces, List<Integer> finalPlaces) {
  MappedCircuits {
    initialPlaces = List.copyOf(initialPlaces);
    finalPlaces = List.copyOf(finalPlaces);
  }

  /// @param initialMapping logical qubit -> physical qubit at the start
  /// @param finalMapping logical qubit -> physical qubit at the end
  static MappedCircuits of(
      Circuit input, Circuit output, List<Integer> initialMapping, List<Integer> finalMapping) {
    if (initialMapping.size() != input.qubits() || finalMapping.size() != input.qubits()) {
      throw new IllegalArgumentException(
          "mappings of "
              + initialMapping.size()
              + " and "
              + finalMapping.size()
              + " qubits for a circuit of "
              + input.qubits());
    }
    boolean[] isUsed = new boolean[output.qubits()];
    initialMapping.forEach(q -> isUsed[q] = true);
    finalMapping.forEach(q -> isUsed[q] = true);
    for (Operation operation : output.operations()) {
      if (!(operation instanceof Barrier)) {
        for (int i = 0; i < operation.location().size(); i++) {
          isUsed[operation.location().get(i)] = true;
        }
      }
    }
    int[] places = new int[isUsed.length];
    int used = 0;
    for (int q = 0; q < isUsed.length; q++) {
      places[q] = isUsed[q] ? used++ : -1;
    }
    Circuit.Builder builder = Circuit.builder(used, output.classicalRegisters());
    for (Operation operation : output.operations()) {
      if (!(operation instanceof Barrier)) {
        builder.add(operation.mapQubits(places));
      }
    }
    return new MappedCircuits(
        input,
        builder.build(),
        initialMapping.stream().map(q -> places[q]).toList(),
        finalMapping.stream().map(q -> places[q]).toList());
  }

  /// Where each basis state of the logical qubits lies among those of `output`'s qubits, all others
  /// |0>.
  ///
  /// @param places of the logical qubits
  int[] indices(List<Integer> places) {
    int n = places.size();
    int[] indices = new int[1 << n];
    for (int k = 0; k < indices.length; k++) {
      for (int i = 0; i < n; i++) {
        if ((k >> (n - 1 - i) & 1) == 1) {
          indices[k] |= 1 << (output.qubits() - 1 - places.get(i));
        }
      }
    }
    return indices;
  }
}
