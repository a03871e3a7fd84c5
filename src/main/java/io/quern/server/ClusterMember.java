package io.quern.server;

import io.quern.runtime.EmployeePhase;

/// A direct report of the server.
///
/// @param name what it calls itself and where it is
/// @param phase whether it takes work
/// @param workers slots below it
/// @param idleWorkers those without work
/// @param tasks runtime tasks it was given and has not finished
/// @param backlog runtime tasks that wait there and could run elsewhere
public record ClusterMember(
    String name, EmployeePhase phase, int workers, int idleWorkers, int tasks, int backlog) {}
