package io.quern.runtime;

import io.quern.protocol.RuntimeTaskId;

/// The server's one-slot mailbox for a compilation task's result: open from the moment an attempt
/// is made until its result, its failure or its cancel. The result itself goes to the store.
///
/// @param expected the only run whose result is taken
record ServerMailbox(RuntimeTaskId expected) {}
