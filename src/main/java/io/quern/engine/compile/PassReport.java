package io.quern.engine.compile;

/// What one top-level pass did.
public record PassReport(
    String name, double seconds, int twoQubitGatesBefore, int twoQubitGatesAfter) {}
