/// Layout and routing: which physical qubit holds which logical one, and which SWAPs bring the
/// qubits of every two-qubit gate together.
///
/// [io.quern.engine.mapping.CircuitMapper] is the way in. The nouns are those of the SABRE paper: a
/// [io.quern.engine.mapping.RoutingProblem] is a circuit's blocks with their order and prices on a
/// coupling graph, routers turn a [io.quern.engine.mapping.Layout] into a
/// [io.quern.engine.mapping.RoutingResult], and [io.quern.engine.mapping.RoutedBlocks] turns that
/// into a circuit again.
@NullMarked
package io.quern.engine.mapping;

import org.jspecify.annotations.NullMarked;
