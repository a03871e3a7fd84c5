package io.quern.engine.compile;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.testing.InlineRuntime;
import java.util.EnumSet;

/// Short ways to compile in tests.
final class Compilations {
  static final GateSet CX_U3 = new GateSet(EnumSet.of(StandardGate.CX, StandardGate.U3));
  static final GateSet CZ_RZ_SX_X =
      new GateSet(EnumSet.of(StandardGate.CZ, StandardGate.RZ, StandardGate.SX, StandardGate.X));

  private Compilations() {}

  static CompilationInput input(Circuit circuit, CouplingGraph coupling, GateSet gates, long seed) {
    return input(circuit, coupling, gates, seed, false);
  }

  static CompilationInput input(
      Circuit circuit, CouplingGraph coupling, GateSet gates, long seed, boolean permuteOutput) {
    return new CompilationInput(
        circuit,
        new MachineModel(coupling, gates),
        new CompilationOptions(1, seed, permuteOutput, Verification.NONE));
  }

  /// The same at another level.
  static CompilationInput at(int level, CompilationInput input) {
    CompilationOptions options = input.options();
    return new CompilationInput(
        input.circuit(),
        input.machine(),
        new CompilationOptions(level, options.seed(), options.permuteOutput(), options.verify()));
  }

  static CompilationResult compile(CompilationInput input) {
    return compile(input, InlineRuntime.of(1, 0));
  }

  static CompilationResult compile(CompilationInput input, RuntimeHandle runtime) {
    try {
      return Compilation.run(input, runtime);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
