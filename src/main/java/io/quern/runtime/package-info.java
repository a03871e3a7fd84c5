/// The heart of the runtime: the server, what it shares with managers, and the rules by which work
/// is queued, placed, routed and made durable. Plain Java: events and the time go in, effects come
/// out; no Spring, sockets, clock, threads or randomness.
@NullMarked
package io.quern.runtime;

import org.jspecify.annotations.NullMarked;
