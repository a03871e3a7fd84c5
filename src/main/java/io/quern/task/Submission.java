package io.quern.task;

import io.quern.engine.compile.Verification;
import io.quern.engine.machine.GateSet;
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

  /// A submission of a circuit that says nothing else: everything has its default.
  public static Builder builder(String circuit) {
    return new Builder(circuit);
  }

  /// A builder of submissions like this one.
  public Builder toBuilder() {
    return new Builder(circuit)
        .name(name)
        .tags(tags)
        .machine(machine)
        .level(level)
        .seed(seed)
        .permuteOutput(permuteOutput)
        .verify(verify)
        .timeLimit(timeLimit)
        .requestData(requestData)
        .loggingLevel(loggingLevel)
        .loggingDepth(loggingDepth)
        .options(options)
        .workflow(workflow)
        .engine(engine)
        .scheduling(scheduling);
  }

  /// Collects what a submission says; the rest has its default.
  public static final class Builder {
    private String circuit;
    private @Nullable String name;
    private List<String> tags = List.of();
    private Machine machine = new Machine(null, "all", GateSet.DEFAULT.qasmNames());
    private int level = 1;
    private long seed;
    private boolean permuteOutput;
    private Verification verify = Verification.AUTO;
    private @Nullable Duration timeLimit;
    private boolean requestData;
    private LogLevel loggingLevel = LogLevel.INFO;
    private int loggingDepth = -1;
    private Options options = Options.DEFAULT;
    private @Nullable String workflow;
    private Engine engine = Engine.QUERN;
    private Scheduling scheduling = Scheduling.DEFAULT;

    private Builder(String circuit) {
      this.circuit = circuit;
    }

    public Builder circuit(String value) {
      circuit = value;
      return this;
    }

    public Builder name(@Nullable String value) {
      name = value;
      return this;
    }

    public Builder tags(List<String> value) {
      tags = value;
      return this;
    }

    public Builder machine(Machine value) {
      machine = value;
      return this;
    }

    public Builder level(int value) {
      level = value;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    public Builder permuteOutput(boolean value) {
      permuteOutput = value;
      return this;
    }

    public Builder verify(Verification value) {
      verify = value;
      return this;
    }

    public Builder timeLimit(@Nullable Duration value) {
      timeLimit = value;
      return this;
    }

    public Builder requestData(boolean value) {
      requestData = value;
      return this;
    }

    public Builder loggingLevel(LogLevel value) {
      loggingLevel = value;
      return this;
    }

    public Builder loggingDepth(int value) {
      loggingDepth = value;
      return this;
    }

    public Builder options(Options value) {
      options = value;
      return this;
    }

    public Builder workflow(@Nullable String value) {
      workflow = value;
      return this;
    }

    public Builder engine(Engine value) {
      engine = value;
      return this;
    }

    public Builder scheduling(Scheduling value) {
      scheduling = value;
      return this;
    }

    public Submission build() {
      return new Submission(
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
          engine,
          scheduling);
    }
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
