/// Layout and routing: which physical qubit holds which logical one, and which SWAPs bring the
/// qubits of every two-qubit gate together.
///
/// [io.quern.engine.mapping.CircuitMapper] is the way in. The nouns are those of the SABRE paper: a
/// [io.quern.engine.mapping.BlockGraph] holds the circuit's two-qubit blocks and their order, a
/// [io.quern.engine.mapping.RoutingProblem] adds the coupling graph, routers turn a layout into a
/// [io.quern.engine.mapping.RoutingResult], and a [io.quern.engine.mapping.RoutedCircuitWriter]
/// turns that into a circuit again.
@NullMarked
package io.quern.engine.mapping;

import org.jspecify.annotations.NullMarked;
