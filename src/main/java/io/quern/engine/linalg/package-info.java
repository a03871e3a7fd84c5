/// Small complex matrices on flat arrays, one-qubit rotations, and the kernels beneath them.
@NullMarked
package io.quern.engine.linalg;

import org.jspecify.annotations.NullMarked;
