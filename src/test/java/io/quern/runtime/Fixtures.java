package io.quern.runtime;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.compile.CircuitStatistics;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.pass.ListeningFunction;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.task.Submission;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord.IdempotencyKey;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Values that tests of the runtime share.
public final class Fixtures {
  public static final CircuitStatistics NOTHING = new CircuitStatistics(0, 0, 0, 0, 0, Map.of());

  private Fixtures() {}

  /// A function given by a lambda.
  public static <A, R> RuntimeFunction<A, R> function(String name, Body<A, R> body) {
    return new RuntimeFunction<>() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int version() {
        return 1;
      }

      @Override
      public R run(A argument, RuntimeHandle runtime) throws InterruptedException {
        return body.run(argument, runtime);
      }
    };
  }

  /// A function that may be told texts, given by a lambda.
  public static <A, R> ListeningFunction<A, R, String> listening(
      String name, ListeningBody<A, R> body) {
    return new ListeningFunction<>() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int version() {
        return 1;
      }

      @Override
      public R run(A argument, RuntimeHandle runtime) throws InterruptedException {
        return body.run(argument, runtime, this);
      }
    };
  }

  /// What a listening function does.
  public interface ListeningBody<A, R> {
    R run(A argument, RuntimeHandle runtime, ListeningFunction<A, R, String> self)
        throws InterruptedException;
  }

  /// What a function does.
  public interface Body<A, R> {
    R run(A argument, RuntimeHandle runtime) throws InterruptedException;
  }

  /// A result that carries a number as its seed.
  public static CompilationResult result(long number) {
    return result(number, false);
  }

  public static CompilationResult result(long number, boolean isPartial) {
    return new CompilationResult(
        Circuit.builder(1).build(),
        new MachineModel(CouplingGraph.all(1), GateSet.DEFAULT),
        List.of(0),
        List.of(0),
        NOTHING,
        NOTHING,
        null,
        0,
        number,
        "test",
        "scalar",
        List.of(),
        isPartial);
  }

  public static Submission submission() {
    return Submission.builder("OPENQASM 2.0;").seed(7).build();
  }

  public static TaskId taskId(long number) {
    return new TaskId(new UUID(0x7000, number));
  }

  public static NewTask newTask(long number, String tenant) {
    return newTask(number, tenant, null);
  }

  public static NewTask newTask(long number, String tenant, @Nullable IdempotencyKey key) {
    return new NewTask(taskId(number), tenant, submission(), NOTHING, key);
  }
}
