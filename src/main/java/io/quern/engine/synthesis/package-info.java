/// Exact synthesis: one-qubit gates by Euler angles, two-qubit gates by the Weyl decomposition.
@NullMarked
package io.quern.engine.synthesis;

import org.jspecify.annotations.NullMarked;
