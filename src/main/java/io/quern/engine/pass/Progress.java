package io.quern.engine.pass;

/// How far a compilation is.
///
/// @param pass name of the running pass, such as `SabreRouting`
/// @param passNumber 1-based position of the pass in its workflow
/// @param passCount passes in the workflow
/// @param blocksDone blocks of this pass finished
/// @param blocksTotal blocks of this pass, 0 if it does not work by blocks
public record Progress(
    String pass, int passNumber, int passCount, int blocksDone, int blocksTotal) {}
