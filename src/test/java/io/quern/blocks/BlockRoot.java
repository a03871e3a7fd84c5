package io.quern.blocks;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.task.CompilationTaskFunction;
import io.quern.task.RuntimeFunctions;
import io.quern.task.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Compiles as the service does; a submission whose name is `blocks JOB FIRST REST CHILDREN` then
/// maps [Block]s in two steps.
public final class BlockRoot implements RuntimeFunction<Submission, CompilationResult> {
  private final CompilationTaskFunction real = new CompilationTaskFunction();

  /// The functions of the processes of a test.
  public static FunctionRegistry functions() {
    List<RuntimeFunction<?, ?>> all =
        new ArrayList<>(
            RuntimeFunctions.all().stream()
                .filter(each -> !(each instanceof CompilationTaskFunction))
                .toList());
    all.add(new BlockRoot());
    all.add(new Block());
    return FunctionRegistry.of(all);
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public int version() {
    return real.version();
  }

  @Override
  public CompilationResult run(Submission submission, RuntimeHandle runtime)
      throws InterruptedException {
    String name = submission.name() == null ? "" : submission.name();
    if (!name.matches("blocks( [0-9]+){4}")) {
      return real.run(submission, runtime);
    }
    String[] words = name.split(" ");
    List<Integer> numbers =
        IntStream.range(1, words.length).mapToObj(i -> Integer.parseInt(words[i])).toList();
    int job = numbers.getFirst();
    Ledger.MINE.add("root", job, 0);
    CompilationResult result = real.run(submission, runtime);
    blocks(job, numbers.get(1), numbers.get(2), numbers.get(3), runtime);
    return result;
  }

  private static void blocks(int job, int first, int rest, int children, RuntimeHandle runtime)
      throws InterruptedException {
    map(job, 0, first, children, runtime);
    runtime.log(LogLevel.INFO, "blocks", "the first are done");
    map(job, first, first + rest, children, runtime);
  }

  private static void map(int job, int from, int to, int children, RuntimeHandle runtime)
      throws InterruptedException {
    List<Block.Argument> blocks =
        IntStream.range(from, to).mapToObj(i -> new Block.Argument(job, i, children)).toList();
    List<Integer> values = runtime.map(new Block(), blocks);
    for (int i = from; i < to; i++) {
      if (values.get(i - from) != Block.value(i)) {
        throw new IllegalStateException("the result of another: " + values);
      }
    }
  }
}
