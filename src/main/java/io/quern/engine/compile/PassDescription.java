package io.quern.engine.compile;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What may be known of a pass before it is used.
///
/// @param name as workflows and reports call it
/// @param aliases other names workflows may use, such as BQSKit's
/// @param summary one sentence
/// @param source the work it is taken from, or BQSKit's pass of the same purpose
/// @param maxQubits the widest circuit it takes; null for any
/// @param needs what must be true where it stands
public record PassDescription(
    String name,
    List<String> aliases,
    String summary,
    List<PassParameter> parameters,
    String source,
    @Nullable Integer maxQubits,
    List<Need> needs) {

  /// What must be true where a pass stands.
  public enum Need {
    /// The circuit was cut into parts by the pass before.
    PARTS,
    /// The circuit has no measurement, reset, barrier or conditional; parts never have one.
    GATES_ONLY,
    /// Not every pair of the machine is coupled and the circuit is not on its qubits yet.
    UNMAPPED,
    /// The circuit is on the machine's qubits.
    MAPPED
  }

  public PassDescription {
    aliases = List.copyOf(aliases);
    parameters = List.copyOf(parameters);
    needs = List.copyOf(needs);
  }
}
