/// Circuits as lists of two-qubit blocks, and how gates are gathered into them.
@NullMarked
package io.quern.engine.partition;

import org.jspecify.annotations.NullMarked;
