/// The shell of the server: the thread that runs its core, the start and the drain, what it needs
/// from store and workers, and how it is configured and watched.
@NullMarked
package io.quern.server;

import org.jspecify.annotations.NullMarked;
