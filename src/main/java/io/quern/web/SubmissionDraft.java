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
          optional((draft, in) -> draft.request.maxSynthesisSize(in.smallInteger())),
          "synthesis_epsilon",
          optional((draft, in) -> draft.request.synthesisEpsilon(in.number())),
          "error_threshold",
          optional((draft, in) -> draft.request.errorThreshold(in.number())),
          "error_sim_size",
          optional((draft, in) -> draft.request.errorSimSize(in.smallInteger())),
          "with_mapping",
          optional((draft, in) -> draft.request.withMapping(in.bool())));

  private static final Map<String, Field<SubmissionDraft>> LOGGING =
      Map.of(
          "level", optional((draft, in) -> draft.request.loggingLevel(in.string())),
          "depth", optional((draft, in) -> draft.request.loggingDepth(in.smallInteger())));

  private static final Map<String, Field<SubmissionDraft>> MACHINE =
      Map.of(
          "qubits", optional((draft, in) -> draft.request.qubits(in.smallInteger())),
          "coupling", optional(SubmissionDraft::readCoupling),
          "gates", optional((draft, in) -> draft.request.gates(in.strings("gate names"))));

  private static final Map<String, Field<SubmissionDraft>> SUBMISSION =
      Map.ofEntries(
          Map.entry("circuit", (draft, in) -> draft.circuit = in.string()),
          Map.entry("name", optional((draft, in) -> draft.request.name(in.string()))),
          Map.entry("tags", optional((draft, in) -> draft.request.tags(in.strings("tags")))),
          Map.entry("machine", optional((draft, in) -> in.object("a machine", draft, MACHINE))),
          Map.entry("level", optional((draft, in) -> draft.request.level(in.smallInteger()))),
          Map.entry("seed", optional((draft, in) -> draft.request.seed(in.integer()))),
          Map.entry(
              "permute_output", optional((draft, in) -> draft.request.permuteOutput(in.bool()))),
          Map.entry("verify", optional((draft, in) -> draft.request.verify(in.string()))),
          Map.entry("time_limit", optional((draft, in) -> draft.request.timeLimit(in.string()))),
          Map.entry("request_data", optional((draft, in) -> draft.request.requestData(in.bool()))),
          Map.entry("logging", optional((draft, in) -> in.object("logging", draft, LOGGING))),
          Map.entry("options", optional((draft, in) -> in.object("the options", draft, OPTIONS))),
          Map.entry("engine", optional((draft, in) -> draft.request.engine(in.string()))),
          Map.entry("priority", optional((draft, in) -> draft.request.priority(in.smallInteger()))),
          Map.entry(
              "requires", optional((draft, in) -> draft.request.requires(in.strings("labels")))),
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
  private final SubmissionRequest.Builder request = new SubmissionRequest.Builder();

  private SubmissionDraft() {}

  /// Reads the submission object the reader stands on.
  static SubmissionRequest fromJson(JsonReader in) {
    SubmissionDraft draft = new SubmissionDraft();
    in.object("a submission", draft, SUBMISSION);
    if (draft.circuit == null) {
      throw in.malformed("the field 'circuit' in the submission", "none");
    }
    return draft.request.build(draft.circuit);
  }

  /// Takes the options of a bare circuit from the query.
  ///
  /// @param query the raw query
  static SubmissionRequest fromQuery(String circuit, @Nullable String query) {
    QueryParameters given = QueryParameters.parse(query, PARAMETERS, Set.of("tag"));
    SubmissionDraft draft = new SubmissionDraft();
    draft.request.name(given.first("name"));
    draft.request.tags(given.all("tag"));
    draft.request.qubits(small(given, "qubits"));
    draft.request.coupling(given.first("coupling"));
    String gateList = given.first("gates");
    draft.request.gates(gateList == null ? null : List.of(gateList.split(",", -1)));
    draft.request.level(small(given, "level"));
    draft.request.seed(given.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE));
    draft.request.permuteOutput(given.bool("permute_output"));
    draft.request.verify(given.first("verify"));
    draft.request.timeLimit(given.first("time_limit"));
    draft.request.requestData(given.bool("request_data"));
    draft.request.loggingLevel(given.first("logging_level"));
    draft.request.loggingDepth(small(given, "logging_depth"));
    draft.request.maxSynthesisSize(small(given, "max_synthesis_size"));
    draft.request.synthesisEpsilon(given.number("synthesis_epsilon"));
    draft.request.errorThreshold(given.number("error_threshold"));
    draft.request.errorSimSize(small(given, "error_sim_size"));
    draft.request.withMapping(given.bool("with_mapping"));
    draft.request.engine(given.first("engine"));
    draft.request.priority(small(given, "priority"));
    String labels = given.first("requires");
    draft.request.requires(labels == null ? null : List.of(labels.split(",", -1)));
    return draft.request.build(circuit);
  }

  private static @Nullable Integer small(QueryParameters given, String name) {
    Long value = given.integer(name, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return value == null ? null : Math.toIntExact(value);
  }

  private static void readWorkflow(SubmissionDraft draft, JsonReader in) {
    if (!in.isArray()) {
      throw in.malformed("an array (a workflow: passes, see /passes)", in.found());
    }
    draft.request.workflow(JsonMapper.shared().writeValueAsString(in.value()));
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
      draft.request.coupling(in.string());
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
    draft.request.coupling(edges.toString());
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
