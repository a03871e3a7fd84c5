/// The messages of BQSKit's wire as values, as far as a server has to understand them.
@NullMarked
package io.quern.bqskit.wire;

import org.jspecify.annotations.NullMarked;
