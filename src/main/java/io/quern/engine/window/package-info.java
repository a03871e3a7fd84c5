/// Windows of a few qubits carried out anew in fewer two-qubit gates.
@NullMarked
package io.quern.engine.window;

import org.jspecify.annotations.NullMarked;
