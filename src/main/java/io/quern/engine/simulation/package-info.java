/// What circuits do to states, computed by brute force, and how far two circuits are apart.
@NullMarked
package io.quern.engine.simulation;

import org.jspecify.annotations.NullMarked;
