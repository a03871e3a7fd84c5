package io.quern.task;

import io.quern.engine.compile.Verification;
import io.quern.engine.pass.LogLevel;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client asks for, every default filled in and every value checked; kept in the store as it
/// is and read again after a restart.
///
/// @param circuit OpenQASM text as it came
/// @param machine the machine asked for
/// @param timeLimit null for none; counted from the start of the first attempt
/// @param requestData whether pass data is asked for with the result
/// @param loggingDepth how deep nested runtime tasks may log; -1 for any depth
/// @param options BQSKit's tuning options
/// @param workflow as JSON, in place of the level's passes; null for these
/// @param engine who carries it out
/// @param scheduling when and where; the usual one in submissions stored before there was any
public record Submission(
    String circuit,
    @Nullable String name,
    List<String> tags,
    Machine machine,
    int level,
    long seed,
    boolean permuteOutput,
    Verification verify,
    @Nullable Duration timeLimit,
    boolean requestData,
    LogLevel loggingLevel,
    int loggingDepth,
    Options options,
    @Nullable String workflow,
    Engine engine,
    Scheduling scheduling) {
  public Submission {
    tags = List.copyOf(tags);
    // Rows of a version that knew one engine only have none.
    engine = engine == null ? Engine.QUERN : engine;
    scheduling = scheduling == null ? Scheduling.DEFAULT : scheduling;
  }

  /// About how many characters it takes in memory.
  public long characters() {
    long characters = circuit.length() + (long) machine.coupling().length();
    characters += workflow == null ? 0 : workflow.length();
    for (String each : tags) {
      characters += each.length();
    }
    return characters;
  }

  /// A submission for Quern's own engine with the usual scheduling.
  public Submission(
      String circuit,
      @Nullable String name,
      List<String> tags,
      Machine machine,
      int level,
      long seed,
      boolean permuteOutput,
      Verification verify,
      @Nullable Duration timeLimit,
      boolean requestData,
      LogLevel loggingLevel,
      int loggingDepth,
      Options options,
      @Nullable String workflow) {
    this(
        circuit,
        name,
        tags,
        machine,
        level,
        seed,
        permuteOutput,
        verify,
        timeLimit,
        requestData,
        loggingLevel,
        loggingDepth,
        options,
        workflow,
        Engine.QUERN,
        Scheduling.DEFAULT);
  }

  /// A submission that runs the passes of its level.
  public Submission(
      String circuit,
      @Nullable String name,
      List<String> tags,
      Machine machine,
      int level,
      long seed,
      boolean permuteOutput,
      Verification verify,
      @Nullable Duration timeLimit,
      boolean requestData,
      LogLevel loggingLevel,
      int loggingDepth,
      Options options) {
    this(
        circuit,
        name,
        tags,
        machine,
        level,
        seed,
        permuteOutput,
        verify,
        timeLimit,
        requestData,
        loggingLevel,
        loggingDepth,
        options,
        null);
  }

  /// The machine as the client wrote it.
  ///
  /// @param qubits null: the circuit's width, R*C of a grid, or 1 + the largest index of the edges
  /// @param coupling `all`, `line`, `ring`, `grid:RxC` or an edge list such as `0-1,1-2`
  /// @param gates OpenQASM names
  public record Machine(@Nullable Integer qubits, String coupling, List<String> gates) {
    public Machine {
      gates = List.copyOf(gates);
    }
  }

  /// BQSKit's options of `compile()`.
  ///
  /// @param maxSynthesisSize widest window to synthesise, in qubits; 2 for none
  /// @param synthesisEpsilon D1 a synthesised window may be off by; null: none but rounding
  /// @param errorThreshold a result whose error bound is larger is warned of; null: none is
  /// @param errorSimSize with an error threshold, the widest circuit whose error is simulated as a
  ///   whole in place of summing what its windows are off by
  /// @param withMapping false: the result does not tell where logical qubits start and end; null
  ///   counts as true
  public record Options(
      int maxSynthesisSize,
      @Nullable Double synthesisEpsilon,
      @Nullable Double errorThreshold,
      int errorSimSize,
      @Nullable Boolean withMapping) {
    public static final Options DEFAULT = new Options(3, null, null, 8);

    /// Options of a result with its mappings.
    public Options(
        int maxSynthesisSize,
        @Nullable Double synthesisEpsilon,
        @Nullable Double errorThreshold,
        int errorSimSize) {
      this(maxSynthesisSize, synthesisEpsilon, errorThreshold, errorSimSize, null);
    }

    /// Whether the result tells where logical qubits start and end.
    public boolean tellsMapping() {
      return withMapping == null || withMapping;
    }
  }
}
