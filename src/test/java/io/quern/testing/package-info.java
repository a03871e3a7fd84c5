/// The testing kit: oracles written independently of the engine they check (simulator, stabiliser
/// tableau, gate matrices), seeded generators, and assertions that print what was measured.
///
/// Nothing in this package may call the engine's own simulation, synthesis or linear algebra: two
/// programs that share a mistake agree.
@NullMarked
package io.quern.testing;

import org.jspecify.annotations.NullMarked;
