/// Circuits as values: gates, operations, locations and the classical bits beside them.
@NullMarked
package io.quern.engine.circuit;

import org.jspecify.annotations.NullMarked;
