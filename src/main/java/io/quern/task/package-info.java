/// Compilation tasks: what clients submit, its states, its events, and what of it is durable.
@NullMarked
package io.quern.task;

import org.jspecify.annotations.NullMarked;
