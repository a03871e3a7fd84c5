/// Fitting the free gates of a circuit template to a unitary.
///
/// Everything here is about qubits; qudits of more levels are not supported.
@NullMarked
package io.quern.engine.instantiation;

import org.jspecify.annotations.NullMarked;
