/// Processes of tests and benchmarks: a server and managers that know other functions beside the
/// service's own.
@NullMarked
package io.quern.processes;

import org.jspecify.annotations.NullMarked;
