package io.quern.cli;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.qasm.QasmWriter;
import io.quern.failure.ErrorKind;
import io.quern.failure.QuernException;
import io.quern.server.AttachedServer;
import io.quern.task.CompilationTaskFunction;
import io.quern.task.Submission;
import io.quern.task.SubmissionLimits;
import io.quern.task.SubmissionReader;
import io.quern.task.SubmissionRequest;
import io.quern.task.TaskEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// `quern compile`: one circuit through the same engine and runtime as the service's, in this
/// process. Every option is read as a submission's is, so both take and refuse the same.
@Command(
    name = "compile",
    description = "Compiles one OpenQASM 2 circuit, without a service.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:failed, though the input was good",
      "2:bad input: circuit, machine, option or file",
      "3:out of time; the best valid circuit so far was written"
    },
    footer = {
      "",
      "The circuit goes to standard output, the summary to standard error. Example:",
      "  quern compile examples/qft_5.qasm --coupling line --gates cz,rz,sx,x -o qft_5_line.qasm"
    })
final class CompileCommand implements Callable<Integer> {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int BAD_INPUT = 2;
  private static final int PARTIAL = 3;

  /// Each is a thread that computes.
  private static final int MAX_WORKERS = 1_024;

  @Parameters(paramLabel = "FILE", description = "OpenQASM 2 file; - reads standard input.")
  private String file;

  @Option(names = "--level", paramLabel = "N", description = "Optimisation level (default: 1).")
  private @Nullable Integer level;

  @Option(
      names = "--coupling",
      paramLabel = "GRAPH",
      description =
          "all, line, ring, grid:RxC or edges such as 0-1,1-2: which qubits can share a gate"
              + " (default: all).")
  private @Nullable String coupling;

  @Option(
      names = "--gates",
      paramLabel = "NAME",
      split = ",",
      description = "The device's gates, separated by commas (default: cx,u3).")
  private @Nullable List<String> gates;

  @Option(
      names = "--qubits",
      paramLabel = "N",
      description = "The device's qubits (default: as many as circuit or coupling need).")
  private @Nullable Integer qubits;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Source of all randomness; the same seed gives the same circuit (default: 0).")
  private @Nullable Long seed;

  @Option(
      names = "--permute-output",
      description = "Logical qubits may end elsewhere than they start, with coupling all, too.")
  private boolean permuteOutput;

  @Option(
      names = "--verify",
      paramLabel = "HOW",
      description =
          "How the result is compared with the input: auto, unitary, states or none (default:"
              + " auto).")
  private @Nullable String verify;

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      description = "Such as 30s or 10m; then the best valid circuit so far is the result.")
  private @Nullable String timeLimit;

  @Option(
      names = "--max-synthesis-size",
      paramLabel = "N",
      description =
          "Widest window that is carried out anew, in qubits; 2 for none (default: 3, levels 2 and"
              + " 3).")
  private @Nullable Integer maxSynthesisSize;

  @Option(
      names = "--synthesis-epsilon",
      paramLabel = "D",
      description = "Distance (D1) a window may be off by (default: none).")
  private @Nullable Double synthesisEpsilon;

  @Option(
      names = "--error-threshold",
      paramLabel = "D",
      description = "Warn of a result whose error bound (D1) is larger (default: never).")
  private @Nullable Double errorThreshold;

  @Option(
      names = "--error-sim-size",
      paramLabel = "N",
      description =
          "With --error-threshold, the widest circuit whose error is simulated as a whole"
              + " (default: 8).")
  private @Nullable Integer errorSimSize;

  @Option(
      names = "--with-mapping",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Tell where logical qubits start and end (default: yes).")
  private boolean withMapping = true;

  @Option(
      names = "--workflow",
      paramLabel = "FILE",
      description = "JSON file with passes of one's own in place of a level; see GET /passes.")
  private @Nullable Path workflow;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "0",
      description = "Blocks compiled at a time (default: one for each core).")
  private int workers;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where the circuit goes (default: standard output).")
  private @Nullable Path output;

  @Option(
      names = {"-q", "--quiet"},
      description = "No summary.")
  private boolean quiet;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (workers < 0 || workers > MAX_WORKERS) {
      throw new ParameterException(
          spec.commandLine(), "expected 0 to " + MAX_WORKERS + " for --workers, found " + workers);
    }
    PrintWriter err = spec.commandLine().getErr();
    try {
      SubmissionReader reader = new SubmissionReader(SubmissionLimits.DEFAULT);
      CompilationResult result = compile(reader.read(request()).submission());
      write(result);
      if (!quiet) {
        err.print(Summary.of(result));
        err.flush();
      }
      return result.isPartial() ? PARTIAL : DONE;
    } catch (QuernException e) {
      err.print(Summary.of(e, file));
      err.flush();
      return e.code().kind() == ErrorKind.USER ? BAD_INPUT : FAILED;
    } catch (CircuitFileException e) {
      err.println("quern: " + e.getMessage());
      err.flush();
      return BAD_INPUT;
    }
  }

  private SubmissionRequest request() throws CircuitFileException {
    return new SubmissionRequest.Builder()
        .qubits(qubits)
        .coupling(coupling)
        .gates(gates)
        .level(level)
        .seed(seed)
        .permuteOutput(permuteOutput)
        .verify(verify)
        .timeLimit(timeLimit)
        .maxSynthesisSize(maxSynthesisSize)
        .synthesisEpsilon(synthesisEpsilon)
        .errorThreshold(errorThreshold)
        .errorSimSize(errorSimSize)
        .withMapping(withMapping)
        .workflow(workflowText())
        .build(CircuitFile.read(file, SubmissionLimits.DEFAULT.maxCharacters()));
  }

  private @Nullable String workflowText() throws CircuitFileException {
    Path chosen = workflow;
    if (chosen == null) {
      return null;
    }
    String text = CircuitFile.read(chosen.toString(), SubmissionLimits.DEFAULT.maxCharacters());
    try {
      JsonMapper.shared().readTree(text);
      return text;
    } catch (JacksonException e) {
      throw new CircuitFileException(
          "expected JSON in " + chosen + ", found: " + e.getOriginalMessage(), e);
    }
  }

  private CompilationResult compile(Submission submission) throws InterruptedException {
    try (AttachedServer server = new AttachedServer(workers)) {
      return server.run(
          new CompilationTaskFunction(),
          submission,
          submission.timeLimit(),
          LogLevel.WARNING,
          this::warn);
    }
  }

  private void warn(TaskEvent.Data event) {
    if (!quiet && event instanceof TaskEvent.LogLine log) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("quern: " + log.message());
      err.flush();
    }
  }

  private void write(CompilationResult result) throws CircuitFileException {
    String text = Summary.comments(result) + QasmWriter.write(result.circuit());
    Path target = output;
    if (target == null) {
      PrintWriter out = spec.commandLine().getOut();
      out.print(text);
      out.flush();
      return;
    }
    try {
      Files.writeString(target, text);
    } catch (IOException e) {
      throw new CircuitFileException("cannot write " + target + ": " + CircuitFile.reason(e), e);
    }
  }
}
