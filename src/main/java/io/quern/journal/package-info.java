/// The journal in front of the database: what is durable is in it first, in one write, and reaches
/// the database's tables a moment later, many records at a time.
@NullMarked
package io.quern.journal;

import org.jspecify.annotations.NullMarked;
