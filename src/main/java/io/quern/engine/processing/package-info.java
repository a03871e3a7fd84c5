/// Passes that carry out a circuit of few qubits anew as a whole: synthesis from its unitary, and
/// removal or substitution of its gates. Within a workflow they stand in `ForEachBlock`.
@NullMarked
package io.quern.engine.processing;

import org.jspecify.annotations.NullMarked;
