package io.quern.processes;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.task.CompilationTaskFunction;
import io.quern.task.RuntimeFunctions;
import io.quern.task.Submission;
import java.util.ArrayList;
import java.util.List;

/// The root of compilations in processes of tests: compiles as the service does, and does what a
/// test wants of submissions that have such a name. Each says anew that it is a [RuntimeFunction],
/// which is where a registry looks for what it takes and returns.
public abstract class ProcessRoot implements RuntimeFunction<Submission, CompilationResult> {
  /// Names the class of a process's root.
  public static final String PROPERTY = "quern.processes.root";

  private final CompilationTaskFunction real = new CompilationTaskFunction();

  /// That of this process.
  public static ProcessRoot ofThisProcess() {
    try {
      return Class.forName(System.getProperty(PROPERTY, ""))
          .asSubclass(ProcessRoot.class)
          .getConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("expected a root in -D" + PROPERTY, e);
    }
  }

  /// This root, what it needs, and all of the service's own but its root.
  public final FunctionRegistry functions() {
    List<RuntimeFunction<?, ?>> all =
        new ArrayList<>(
            RuntimeFunctions.all().stream()
                .filter(each -> !(each instanceof CompilationTaskFunction))
                .toList());
    all.add(this);
    all.addAll(further());
    return FunctionRegistry.of(all);
  }

  /// Functions this one submits.
  protected abstract List<RuntimeFunction<?, ?>> further();

  @Override
  public final String name() {
    return real.name();
  }

  @Override
  public final int version() {
    return real.version();
  }

  /// Compiles as the service does.
  @Override
  public CompilationResult run(Submission submission, RuntimeHandle runtime)
      throws InterruptedException {
    return real.run(submission, runtime);
  }
}
