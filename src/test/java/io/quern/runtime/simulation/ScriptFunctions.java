package io.quern.runtime.simulation;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.ListeningFunction;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.protocol.encoding.FunctionRegistry;
import java.util.List;

/// What simulated runtime tasks name; their code is the [Script] in the argument, which is played.
final class ScriptFunctions {

  /// Of roots.
  static final RuntimeFunction<Script, CompilationResult> ROOT = new Root();

  /// Of all others.
  static final ListeningFunction<Script, Long, Integer> CHILD = new Child();

  /// Of those whose results are kept.
  static final ListeningFunction<Script, Long, Integer> BLOCK = new Block();

  static final FunctionRegistry REGISTRY = FunctionRegistry.of(List.of(ROOT, CHILD, BLOCK));

  private ScriptFunctions() {}

  private static final class Root implements RuntimeFunction<Script, CompilationResult> {
    @Override
    public String name() {
      return "script-root";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public CompilationResult run(Script script, RuntimeHandle runtime) {
      throw new AssertionError("scripts are played, not run");
    }
  }

  private static final class Child implements ListeningFunction<Script, Long, Integer> {
    @Override
    public String name() {
      return "script";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public Long run(Script script, RuntimeHandle runtime) {
      throw new AssertionError("scripts are played, not run");
    }
  }

  private static final class Block implements ListeningFunction<Script, Long, Integer> {
    @Override
    public String name() {
      return "script-block";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public boolean isKept() {
      return true;
    }

    @Override
    public Long run(Script script, RuntimeHandle runtime) {
      throw new AssertionError("scripts are played, not run");
    }
  }
}
