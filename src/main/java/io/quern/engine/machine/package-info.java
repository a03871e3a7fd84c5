/// Machine models: qubit count, coupling graph and gate set.
@NullMarked
package io.quern.engine.machine;

import org.jspecify.annotations.NullMarked;
