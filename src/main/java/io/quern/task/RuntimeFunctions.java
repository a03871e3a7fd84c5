package io.quern.task;

import io.quern.engine.mapping.RoutingTrialFunction;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.SynthesizeBlocks;
import io.quern.engine.window.OptimizePiece;
import io.quern.engine.window.SynthesizeWindows;
import java.util.List;

/// The functions whose runtime tasks may leave the process in which they are submitted: what a node
/// can be asked to run over a link.
public final class RuntimeFunctions {
  private static final List<RuntimeFunction<?, ?>> ALL =
      List.of(
          new CompilationTaskFunction(),
          new OptimizePiece(),
          new RoutingTrialFunction(),
          new SynthesizeBlocks(),
          new SynthesizeWindows());

  private RuntimeFunctions() {}

  public static List<RuntimeFunction<?, ?>> all() {
    return ALL;
  }
}
