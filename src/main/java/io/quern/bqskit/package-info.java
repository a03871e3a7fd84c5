/// BQSKit's own wire: Quern in the place of `bqskit-server`, with the original's clients above and
/// its managers below.
@NullMarked
package io.quern.bqskit;

import org.jspecify.annotations.NullMarked;
