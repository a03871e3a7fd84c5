package io.quern.engine.window;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import java.util.ArrayList;
import java.util.List;

/// The runtime task that looks for shorter circuits for a batch of windows.
public final class SynthesizeWindows
    implements RuntimeFunction<SynthesizeWindows.Batch, List<WindowAnswer>> {

  /// Windows and how hard each is tried.
  public record Batch(List<WindowProblem> problems, SearchEffort effort) {
    public Batch {
      problems = List.copyOf(problems);
    }
  }

  @Override
  public String name() {
    return "synthesize-windows";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public boolean isKept() {
    return true;
  }

  /// Once the time limit has passed the rest of the batch is answered with nothing found.
  @Override
  public List<WindowAnswer> run(Batch batch, RuntimeHandle runtime) {
    WindowSynthesizer synthesizer =
        new WindowSynthesizer(runtime::checkCancelled, runtime::isTimeUp);
    List<WindowAnswer> answers = new ArrayList<>(batch.problems().size());
    for (WindowProblem problem : batch.problems()) {
      runtime.checkCancelled();
      answers.add(
          runtime.isTimeUp()
              ? new WindowAnswer(null, 0)
              : synthesizer.synthesize(problem, batch.effort()));
    }
    return List.copyOf(answers);
  }
}
