/// The command line: which role a process takes, and what it does without a service.
@NullMarked
package io.quern.cli;

import org.jspecify.annotations.NullMarked;
