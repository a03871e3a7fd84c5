/// The compile function: a circuit, a machine and options in, a shorter circuit with its evidence
/// out.
@NullMarked
package io.quern.engine.compile;

import org.jspecify.annotations.NullMarked;
