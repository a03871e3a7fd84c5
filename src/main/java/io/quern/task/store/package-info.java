/// The store of compilation tasks on a relational database, its one writer, and live reading of
/// event logs.
@NullMarked
package io.quern.task.store;

import org.jspecify.annotations.NullMarked;
