/// Managers: bosses of the workers of one machine.
@NullMarked
package io.quern.manager;

import org.jspecify.annotations.NullMarked;
