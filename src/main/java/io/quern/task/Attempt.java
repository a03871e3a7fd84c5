package io.quern.task;

/// One try at running a compilation task.
///
/// @param epoch counts starts of the service on this store, from 1
/// @param number counts tries of this task, from 1
public record Attempt(long epoch, int number) {}
