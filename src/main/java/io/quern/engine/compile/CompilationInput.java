package io.quern.engine.compile;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.MachineModel;

/// A circuit, the machine it must fit and the options: everything a compilation depends on.
public record CompilationInput(Circuit circuit, MachineModel machine, CompilationOptions options) {}
