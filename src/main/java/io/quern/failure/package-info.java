/// Failures that users see: their kinds, codes and the one exception that carries them.
@NullMarked
package io.quern.failure;

import org.jspecify.annotations.NullMarked;
