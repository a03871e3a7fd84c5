package io.quern.blocks;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.processes.ProcessRoot;
import io.quern.task.Submission;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Compiles as the service does; a submission whose name is `blocks JOB FIRST REST CHILDREN` then
/// maps [Block]s in two steps, one named `fit JOB` fits templates until it is cancelled, and one
/// named `hold JOB` waits at the gate.
public final class BlockRoot extends ProcessRoot
    implements RuntimeFunction<Submission, CompilationResult> {

  @Override
  protected List<RuntimeFunction<?, ?>> further() {
    return List.of(new Block(), new Fit());
  }

  @Override
  public CompilationResult run(Submission submission, RuntimeHandle runtime)
      throws InterruptedException {
    String name = submission.name() == null ? "" : submission.name();
    if (!name.matches("(blocks|fit|hold)( [0-9]+)+")) {
      return super.run(submission, runtime);
    }
    String[] words = name.split(" ");
    List<Integer> numbers =
        IntStream.range(1, words.length).mapToObj(i -> Integer.parseInt(words[i])).toList();
    int job = numbers.getFirst();
    Ledger.MINE.add("root", job, 0);
    CompilationResult result = super.run(submission, runtime);
    switch (words[0]) {
      case "blocks" -> blocks(job, numbers.get(1), numbers.get(2), numbers.get(3), runtime);
      case "fit" -> runtime.map(new Fit(), Collections.nCopies(numbers.get(1), job));
      default -> {
        Gates.ofThisProcess().pass(Gates.MINE, runtime::isCancelled);
        runtime.checkCancelled();
      }
    }
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
