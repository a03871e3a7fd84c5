/// What the processes of a cluster have in common, and the process of a manager or of workers: how
/// links are configured, started and watched.
@NullMarked
package io.quern.node;

import org.jspecify.annotations.NullMarked;
