package io.quern.bqskit.wire;

/// BQSKit's `RuntimeResult`.
///
/// @param address of the task whose result it is
/// @param completedBy the worker that ran it
/// @param value the whole `RuntimeResult`
public record WireResult(WireAddress address, long completedBy, PickledValue value) {}
