package io.quern.task;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A submission as a client wrote it: well formed, nothing checked, null where nothing was given.
/// The web front and the command line make one; reading it gives a [Submission].
///
/// @param circuit OpenQASM text
/// @param coupling `all`, `line`, `ring`, `grid:RxC` or an edge list such as `0-1,1-2`; an edge
///   list given as JSON has this form too
/// @param gates OpenQASM names
/// @param level optimisation level
/// @param verify name of a [io.quern.engine.compile.Verification], any case
/// @param timeLimit such as `10m`, `30s` or `500ms`
/// @param loggingLevel name of a [io.quern.engine.pass.LogLevel], any case
/// @param workflow as JSON, in place of a level
/// @param engine name of an [Engine], any case
/// @param priority 0 to 9
/// @param requires labels
public record SubmissionRequest(
    String circuit,
    @Nullable String name,
    List<String> tags,
    @Nullable Integer qubits,
    @Nullable String coupling,
    @Nullable List<String> gates,
    @Nullable Integer level,
    @Nullable Long seed,
    @Nullable Boolean permuteOutput,
    @Nullable String verify,
    @Nullable String timeLimit,
    @Nullable Boolean requestData,
    @Nullable String loggingLevel,
    @Nullable Integer loggingDepth,
    @Nullable Integer maxSynthesisSize,
    @Nullable Double synthesisEpsilon,
    @Nullable Double errorThreshold,
    @Nullable Integer errorSimSize,
    @Nullable Boolean withMapping,
    @Nullable String workflow,
    @Nullable String engine,
    @Nullable Integer priority,
    @Nullable List<String> requires) {
  public SubmissionRequest {
    tags = List.copyOf(tags);
    requires = requires == null ? null : List.copyOf(requires);
    gates = gates == null ? null : List.copyOf(gates);
  }

  /// A request for Quern's own engine.
  public SubmissionRequest(
      String circuit,
      @Nullable String name,
      List<String> tags,
      @Nullable Integer qubits,
      @Nullable String coupling,
      @Nullable List<String> gates,
      @Nullable Integer level,
      @Nullable Long seed,
      @Nullable Boolean permuteOutput,
      @Nullable String verify,
      @Nullable String timeLimit,
      @Nullable Boolean requestData,
      @Nullable String loggingLevel,
      @Nullable Integer loggingDepth,
      @Nullable Integer maxSynthesisSize,
      @Nullable Double synthesisEpsilon,
      @Nullable Double errorThreshold,
      @Nullable Integer errorSimSize,
      @Nullable Boolean withMapping,
      @Nullable String workflow) {
    this(
        circuit,
        name,
        tags,
        qubits,
        coupling,
        gates,
        level,
        seed,
        permuteOutput,
        verify,
        timeLimit,
        requestData,
        loggingLevel,
        loggingDepth,
        maxSynthesisSize,
        synthesisEpsilon,
        errorThreshold,
        errorSimSize,
        withMapping,
        workflow,
        null,
        null,
        null);
  }

  /// A request that runs the passes of its level.
  public SubmissionRequest(
      String circuit,
      @Nullable String name,
      List<String> tags,
      @Nullable Integer qubits,
      @Nullable String coupling,
      @Nullable List<String> gates,
      @Nullable Integer level,
      @Nullable Long seed,
      @Nullable Boolean permuteOutput,
      @Nullable String verify,
      @Nullable String timeLimit,
      @Nullable Boolean requestData,
      @Nullable String loggingLevel,
      @Nullable Integer loggingDepth,
      @Nullable Integer maxSynthesisSize,
      @Nullable Double synthesisEpsilon,
      @Nullable Double errorThreshold,
      @Nullable Integer errorSimSize) {
    this(
        circuit,
        name,
        tags,
        qubits,
        coupling,
        gates,
        level,
        seed,
        permuteOutput,
        verify,
        timeLimit,
        requestData,
        loggingLevel,
        loggingDepth,
        maxSynthesisSize,
        synthesisEpsilon,
        errorThreshold,
        errorSimSize,
        null,
        null,
        null,
        null,
        null);
  }

  /// A circuit with every option left to its default.
  public static SubmissionRequest of(String circuit) {
    return new SubmissionRequest(
        circuit, null, List.of(), null, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, null, null, null, null);
  }
}
