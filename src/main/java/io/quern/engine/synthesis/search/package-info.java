/// Searching for short circuits of a unitary: templates of more and more two-qubit gates, each
/// fitted numerically.
@NullMarked
package io.quern.engine.synthesis.search;

import org.jspecify.annotations.NullMarked;
