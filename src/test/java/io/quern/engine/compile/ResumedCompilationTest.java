package io.quern.engine.compile;

import static io.quern.engine.compile.Compilations.at;
import static io.quern.engine.compile.Compilations.input;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.pass.Checkpoint;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeFuture;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.testing.Examples;
import io.quern.testing.InlineRuntime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A compilation that goes on from a checkpoint of an earlier run.
class ResumedCompilationTest {
  private static final FunctionRegistry FORMS = FunctionRegistry.of(List.of());

  /// Level 2 on a few qubits takes its time in several passes.
  private static final CompilationInput INPUT =
      at(2, input(Examples.read("half_adder_5"), CouplingGraph.line(5), Compilations.CX_U3, 11));

  /// Keeps checkpoints as the runtime does, as bytes.
  private static final class Keeping implements RuntimeHandle {
    private final InlineRuntime inline = InlineRuntime.of(2, 7);
    private final @Nullable Checkpoint earlier;
    private final List<Checkpoint> kept = new ArrayList<>();

    private Keeping(@Nullable Checkpoint earlier) {
      this.earlier = earlier;
    }

    @Override
    public <A, R> RuntimeFuture<R> submit(RuntimeFunction<A, R> function, A argument) {
      return inline.submit(function, argument);
    }

    @Override
    public <A, R> RuntimeFuture<R> submitAll(RuntimeFunction<A, R> function, List<A> arguments) {
      return inline.submitAll(function, arguments);
    }

    @Override
    public void cancel(RuntimeFuture<?> future) {
      inline.cancel(future);
    }

    @Override
    public int slots() {
      return inline.slots();
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public boolean isTimeUp() {
      return false;
    }

    @Override
    public @Nullable Checkpoint earlier() {
      return earlier;
    }

    @Override
    public void keep(Checkpoint checkpoint) {
      kept.add(FORMS.decodeCheckpoint(FORMS.encodeCheckpoint(checkpoint)));
    }

    @Override
    public void log(LogLevel level, String logger, String message) {}

    @Override
    public void progress(Progress progress) {
      inline.progress(progress);
    }

    private List<Integer> passes() {
      return inline.progress().stream().map(Progress::passNumber).distinct().toList();
    }
  }

  @Test
  void goesOnBehindThePassesThatAreOverAndComesToTheSame() throws InterruptedException {
    Keeping whole = new Keeping(null);
    CompilationResult expected = Compilation.run(INPUT, whole);
    assertThat(whole.kept).as("a compilation that takes a while keeps something").isNotEmpty();
    for (Checkpoint each : whole.kept) {
      Keeping rest = new Keeping(each);
      CompilationResult found = Compilation.run(INPUT, rest);
      assertThat(found.circuit()).isEqualTo(expected.circuit());
      assertThat(found.initialMapping()).isEqualTo(expected.initialMapping());
      assertThat(found.finalMapping()).isEqualTo(expected.finalMapping());
      assertThat(found.passes()).hasSameSizeAs(expected.passes());
      assertThat(rest.passes())
          .isEqualTo(whole.passes().subList(each.position(), whole.passes().size()));
    }
  }

  @Test
  void checkpointOfAnotherEngineIsPassedOver() throws InterruptedException {
    Keeping whole = new Keeping(null);
    Compilation.run(INPUT, whole);
    Checkpoint newest = whole.kept.getLast();
    Keeping other = new Keeping(new Checkpoint("other", newest.done(), newest.state()));
    Compilation.run(INPUT, other);
    assertThat(other.passes()).isEqualTo(whole.passes());
  }
}
