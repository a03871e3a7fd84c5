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

  /// A circuit with every option left to its default.
  public static SubmissionRequest of(String circuit) {
    return new Builder().build(circuit);
  }

  /// Collects what a client says, in whatever order it does; the rest is left to its default.
  public static final class Builder {
    private @Nullable String name;
    private List<String> tags = List.of();
    private @Nullable Integer qubits;
    private @Nullable String coupling;
    private @Nullable List<String> gates;
    private @Nullable Integer level;
    private @Nullable Long seed;
    private @Nullable Boolean permuteOutput;
    private @Nullable String verify;
    private @Nullable String timeLimit;
    private @Nullable Boolean requestData;
    private @Nullable String loggingLevel;
    private @Nullable Integer loggingDepth;
    private @Nullable Integer maxSynthesisSize;
    private @Nullable Double synthesisEpsilon;
    private @Nullable Double errorThreshold;
    private @Nullable Integer errorSimSize;
    private @Nullable Boolean withMapping;
    private @Nullable String workflow;
    private @Nullable String engine;
    private @Nullable Integer priority;
    private @Nullable List<String> requires;

    public Builder name(@Nullable String value) {
      name = value;
      return this;
    }

    public Builder tags(List<String> value) {
      tags = value;
      return this;
    }

    public Builder qubits(@Nullable Integer value) {
      qubits = value;
      return this;
    }

    public Builder coupling(@Nullable String value) {
      coupling = value;
      return this;
    }

    public Builder gates(@Nullable List<String> value) {
      gates = value;
      return this;
    }

    public Builder level(@Nullable Integer value) {
      level = value;
      return this;
    }

    public Builder seed(@Nullable Long value) {
      seed = value;
      return this;
    }

    public Builder permuteOutput(@Nullable Boolean value) {
      permuteOutput = value;
      return this;
    }

    public Builder verify(@Nullable String value) {
      verify = value;
      return this;
    }

    public Builder timeLimit(@Nullable String value) {
      timeLimit = value;
      return this;
    }

    public Builder requestData(@Nullable Boolean value) {
      requestData = value;
      return this;
    }

    public Builder loggingLevel(@Nullable String value) {
      loggingLevel = value;
      return this;
    }

    public Builder loggingDepth(@Nullable Integer value) {
      loggingDepth = value;
      return this;
    }

    public Builder maxSynthesisSize(@Nullable Integer value) {
      maxSynthesisSize = value;
      return this;
    }

    public Builder synthesisEpsilon(@Nullable Double value) {
      synthesisEpsilon = value;
      return this;
    }

    public Builder errorThreshold(@Nullable Double value) {
      errorThreshold = value;
      return this;
    }

    public Builder errorSimSize(@Nullable Integer value) {
      errorSimSize = value;
      return this;
    }

    public Builder withMapping(@Nullable Boolean value) {
      withMapping = value;
      return this;
    }

    public Builder workflow(@Nullable String value) {
      workflow = value;
      return this;
    }

    public Builder engine(@Nullable String value) {
      engine = value;
      return this;
    }

    public Builder priority(@Nullable Integer value) {
      priority = value;
      return this;
    }

    public Builder requires(@Nullable List<String> value) {
      requires = value;
      return this;
    }

    public SubmissionRequest build(String circuit) {
      return new SubmissionRequest(
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
          engine,
          priority,
          requires);
    }
  }
}
