package io.quern.web;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.SubmissionRequest;
import io.quern.web.json.JsonReader;
import io.quern.web.json.JsonReader.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A submission while it is read, from JSON or from OpenQASM with query parameters. Null stands for
/// a field that was not given; in JSON `null` says the same.
final class SubmissionDraft {
  private static final Map<String, Field<SubmissionDraft>> OPTIONS =
      Map.of(
          "max_synthesis_size",
          optional((draft, in) -> draft.maxSynthesisSize = in.smallInteger()),
          "synthesis_epsilon",
          optional((draft, in) -> draft.synthesisEpsilon = in.number()),
          "error_threshold",
          optional((draft, in) -> draft.errorThreshold = in.number()),
          "error_sim_size",
          optional((draft, in) -> draft.errorSimSize = in.smallInteger()),
          "with_mapping",
          optional((draft, in) -> draft.withMapping = in.bool()));

  private static final Map<String, Field<SubmissionDraft>> LOGGING =
      Map.of(
          "level", optional((draft, in) -> draft.loggingLevel = in.string()),
          "depth", optional((draft, in) -> draft.loggingDepth = in.smallInteger()));

  private static final Map<String, Field<SubmissionDraft>> MACHINE =
      Map.of(
          "qubits", optional((draft, in) -> draft.qubits = in.smallInteger()),
          "coupling", optional(SubmissionDraft::readCoupling),
          "gates", optional((draft, in) -> draft.gates = in.strings("gate names")));

  private static final Map<String, Field<SubmissionDraft>> SUBMISSION =
      Map.ofEntries(
          Map.entry("circuit", (draft, in) -> draft.circuit = in.string()),
          Map.entry("name", optional((draft, in) -> draft.name = in.string())),
          Map.entry("tags", optional((draft, in) -> draft.tags = in.strings("tags"))),
          Map.entry("machine", optional((draft, in) -> in.object("a machine", draft, MACHINE))),
          Map.entry("level", optional((draft, in) -> draft.level = in.smallInteger())),
          Map.entry("seed", optional((draft, in) -> draft.seed = in.integer())),
          Map.entry("permute_output", optional((draft, in) -> draft.permuteOutput = in.bool())),
          Map.entry("verify", optional((draft, in) -> draft.verify = in.string())),
          Map.entry("time_limit", optional((draft, in) -> draft.timeLimit = in.string())),
          Map.entry("request_data", optional((draft, in) -> draft.requestData = in.bool())),
          Map.entry("logging", optional((draft, in) -> in.object("logging", draft, LOGGING))),
          Map.entry("options", optional((draft, in) -> in.object("the options", draft, OPTIONS))),
          Map.entry("engine", optional((draft, in) -> draft.engine = in.string())),
          Map.entry("priority", optional((draft, in) -> draft.priority = in.smallInteger())),
          Map.entry("requires", optional((draft, in) -> draft.requires = in.strings("labels"))),
          Map.entry("workflow", optional(SubmissionDraft::readWorkflow)));

  /// The query parameters of a bare OpenQASM submission.
  private static final Set<String> PARAMETERS =
      Set.of(
          "name",
          "tag",
          "qubits",
          "coupling",
          "gates",
          "level",
          "seed",
          "permute_output",
          "verify",
          "time_limit",
          "request_data",
          "logging_level",
          "logging_depth",
          "max_synthesis_size",
          "synthesis_epsilon",
          "error_threshold",
          "error_sim_size",
          "with_mapping",
          "engine",
          "priority",
          "requires");

  private @Nullable String circuit;
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

  private SubmissionDraft() {}

  /// Reads the submission object the reader stands on.
  static SubmissionRequest fromJson(JsonReader in) {
    SubmissionDraft draft = new SubmissionDraft();
    in.object("a submission", draft, SUBMISSION);
    if (draft.circuit == null) {
      throw in.malformed("the field 'circuit' in the submission", "none");
    }
    return draft.request(draft.circuit);
  }

  /// Takes the options of a bare circuit from the query.
  ///
  /// @param query the raw query
  static SubmissionRequest fromQuery(String circuit, @Nullable String query) {
    QueryParameters given = QueryParameters.parse(query, PARAMETERS, Set.of("tag"));
    SubmissionDraft draft = new SubmissionDraft();
    draft.name = given.first("name");
    draft.tags = given.all("tag");
    draft.qubits = small(given, "qubits");
    draft.coupling = given.first("coupling");
    String gateList = given.first("gates");
    draft.gates = gateList == null ? null : List.of(gateList.split(",", -1));
    draft.level = small(given, "level");
    draft.seed = given.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    draft.permuteOutput = given.bool("permute_output");
    draft.verify = given.first("verify");
    draft.timeLimit = given.first("time_limit");
    draft.requestData = given.bool("request_data");
    draft.loggingLevel = given.first("logging_level");
    draft.loggingDepth = small(given, "logging_depth");
    draft.maxSynthesisSize = small(given, "max_synthesis_size");
    draft.synthesisEpsilon = given.number("synthesis_epsilon");
    draft.errorThreshold = given.number("error_threshold");
    draft.errorSimSize = small(given, "error_sim_size");
    draft.withMapping = given.bool("with_mapping");
    draft.engine = given.first("engine");
    draft.priority = small(given, "priority");
    String labels = given.first("requires");
    draft.requires = labels == null ? null : List.of(labels.split(",", -1));
    return draft.request(circuit);
  }

  private static @Nullable Integer small(QueryParameters given, String name) {
    Long value = given.integer(name, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return value == null ? null : Math.toIntExact(value);
  }

  private SubmissionRequest request(String text) {
    return new SubmissionRequest(
        text,
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

  private static void readWorkflow(SubmissionDraft draft, JsonReader in) {
    if (!in.isArray()) {
      throw in.malformed("an array (a workflow: passes, see /passes)", in.found());
    }
    draft.workflow = JsonMapper.shared().writeValueAsString(in.value());
  }

  private static Field<SubmissionDraft> optional(Field<SubmissionDraft> field) {
    return (draft, in) -> {
      if (!in.isNull()) {
        field.read(draft, in);
      }
    };
  }

  /// A name, or a list of edges, which takes the same form as in a query: `0-1,1-2`.
  private static void readCoupling(SubmissionDraft draft, JsonReader in) {
    if (in.isString()) {
      draft.coupling = in.string();
      return;
    }
    if (!in.isArray()) {
      throw in.malformed(
          "\"all\", \"line\", \"ring\", \"grid:RxC\" or a list of edges such as [[0, 1], [1, 2]]",
          in.found());
    }
    StringBuilder edges = new StringBuilder();
    in.array(
        "edges",
        element -> {
          List<Integer> ends = new ArrayList<>(2);
          element.array("an edge", end -> ends.add(index(end, ends.size())));
          if (ends.size() != 2) {
            throw element.malformed("two qubits in an edge", Integer.toString(ends.size()));
          }
          edges.append(edges.isEmpty() ? "" : ",");
          edges.append(ends.get(0)).append('-').append(ends.get(1));
        });
    if (edges.isEmpty()) {
      throw in.malformed("at least one edge in 'coupling'", "an empty array");
    }
    draft.coupling = edges.toString();
  }

  private static int index(JsonReader in, int position) {
    if (position == 2) {
      throw in.malformed("two qubits in an edge", "a third");
    }
    int index = in.smallInteger();
    if (index < 0) {
      QuernException where = in.malformed("a qubit from 0 in an edge", Integer.toString(index));
      throw new QuernException(
          ErrorCode.INVALID_MACHINE,
          "expected a qubit from 0 in an edge of the coupling, found " + index,
          where.details());
    }
    return index;
  }
}
