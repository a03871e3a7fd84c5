package io.quern.task;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.compile.CompilationInput;
import io.quern.engine.compile.CompilationOptions;
import io.quern.engine.compile.SynthesisOptions;
import io.quern.engine.compile.Verification;
import io.quern.engine.compile.Verifier;
import io.quern.engine.compile.WorkflowException;
import io.quern.engine.compile.WorkflowReader;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Workflow;
import io.quern.engine.qasm.QasmReader;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Checks what a client asks for and fills in what it left open: the one place where a circuit's
/// text, a machine and options become something that can be compiled.
public final class SubmissionReader {
  private static final int MAX_NAME = 256;
  private static final int MAX_TAGS = 32;
  private static final int MAX_TAG = 128;

  /// Characters of an edge list, and of a workflow's JSON. What is stored of a submission beside
  /// its circuit has room for both.
  private static final int MAX_COUPLING = 1 << 18;

  private static final int MAX_WORKFLOW = 1 << 18;

  /// More names than there are gates to name.
  private static final int MAX_GATES = 256;

  /// Characters of what a client wrote that messages repeat.
  private static final int MAX_SHOWN = 80;

  private static final int MAX_SYNTHESIS_SIZE = 8;
  private static final int MAX_ERROR_SIM_SIZE = 12;

  /// Levels of BQSKit's own compiler.
  private static final int BQSKIT_LEVELS = 4;

  private static final Duration MAX_TIME_LIMIT = Duration.ofDays(30);

  private static final JsonMapper MAPPER = JsonMapper.shared();

  private final SubmissionLimits limits;
  private final MachineReader machines;

  public SubmissionReader(SubmissionLimits limits) {
    this.limits = limits;
    this.machines = new MachineReader(limits.maxQubits());
  }

  /// A submission with everything filled in, and what it means.
  public record ReadSubmission(Submission submission, CompilationInput input) {}

  /// Reads a submission as it came from a client. Without a seed it is 0, so that the same request
  /// always gives the same circuit.
  ///
  /// @throws QuernException of kind USER if any of it is not valid
  public ReadSubmission read(SubmissionRequest request) {
    Engine engine = oneOf(Engine.class, "engine", request.engine(), Engine.QUERN);
    Submission submission =
        Submission.builder(request.circuit())
            .name(name(request.name()))
            .tags(tags(request.tags()))
            .machine(machine(request))
            .level(level(or(request.level(), 1), engine))
            .seed(or(request.seed(), 0L))
            .permuteOutput(or(request.permuteOutput(), false))
            .verify(oneOf(Verification.class, "verify", request.verify(), Verification.AUTO))
            .timeLimit(timeLimit(request.timeLimit()))
            .requestData(or(request.requestData(), false))
            .loggingLevel(
                oneOf(LogLevel.class, "logging.level", request.loggingLevel(), LogLevel.INFO))
            .loggingDepth(
                between("logging.depth", or(request.loggingDepth(), -1), -1, Integer.MAX_VALUE))
            .options(options(request))
            .workflow(workflow(request))
            .engine(engine)
            .scheduling(scheduling(request))
            .build();
    requireCarriedOut(request, engine);
    if (request.level() != null && request.workflow() != null) {
      throw invalid("workflow", "level", "expected 'level' or 'workflow', found both");
    }
    return new ReadSubmission(submission, input(submission));
  }

  /// Reads an accepted submission again, as after a restart.
  ///
  /// @throws QuernException of kind USER if circuit or machine are not valid
  public CompilationInput input(Submission submission) {
    Circuit circuit = QasmReader.read(submission.circuit(), limits.forCircuits());
    MachineModel machine = machines.read(submission.machine(), circuit.qubits());
    requireMeasurable(submission.verify(), circuit);
    return new CompilationInput(
        circuit,
        machine,
        new CompilationOptions(
            Math.min(submission.level(), CompilationOptions.MAX_LEVEL),
            submission.seed(),
            submission.permuteOutput(),
            submission.verify(),
            workflow(submission.workflow(), circuit, machine),
            new SynthesisOptions(
                submission.options().maxSynthesisSize(),
                submission.options().synthesisEpsilon(),
                submission.options().errorThreshold(),
                submission.options().errorSimSize())));
  }

  private static @Nullable Workflow workflow(
      @Nullable String json, Circuit circuit, MachineModel machine) {
    if (json == null) {
      return null;
    }
    try {
      return WorkflowReader.read(MAPPER.readValue(json, Object.class), circuit, machine);
    } catch (WorkflowException refusal) {
      Map<String, Object> details = details("workflow" + refusal.where(), refusal.found());
      details.put("pointer", "/workflow" + refusal.where());
      details.put("expected", List.of(refusal.expected()));
      QuernException invalid =
          new QuernException(
              ErrorCode.INVALID_OPTION,
              "expected "
                  + refusal.expected()
                  + " at /workflow"
                  + refusal.where()
                  + ", found "
                  + refusal.found(),
              details);
      invalid.initCause(refusal);
      throw invalid;
    }
  }

  private static Submission.Machine machine(SubmissionRequest request) {
    String coupling = or(request.coupling(), "all");
    requireLength("machine.coupling", coupling, MAX_COUPLING, ErrorCode.INVALID_MACHINE);
    List<String> gates = or(request.gates(), GateSet.DEFAULT.qasmNames());
    if (gates.size() > MAX_GATES) {
      throw new QuernException(
          ErrorCode.INVALID_MACHINE,
          "expected at most " + MAX_GATES + " names in 'machine.gates', found " + gates.size(),
          details("machine.gates", gates.size()));
    }
    return new Submission.Machine(
        request.qubits(), coupling, gates.stream().map(SubmissionReader::shorten).toList());
  }

  private static @Nullable String workflow(SubmissionRequest request) {
    String workflow = request.workflow();
    if (workflow != null) {
      requireLength("workflow", workflow, MAX_WORKFLOW, ErrorCode.INVALID_OPTION);
    }
    return workflow;
  }

  private static void requireLength(String field, String text, int longest, ErrorCode code) {
    if (text.length() > longest) {
      throw new QuernException(
          code,
          "expected at most %d characters in '%s', found %d"
              .formatted(longest, field, text.length()),
          details(field, text.length()));
    }
  }

  private static Submission.Options options(SubmissionRequest request) {
    Submission.Options usual = Submission.Options.DEFAULT;
    return new Submission.Options(
        between(
            "options.max_synthesis_size",
            or(request.maxSynthesisSize(), usual.maxSynthesisSize()),
            2,
            MAX_SYNTHESIS_SIZE),
        fraction("options.synthesis_epsilon", request.synthesisEpsilon()),
        fraction("options.error_threshold", request.errorThreshold()),
        between(
            "options.error_sim_size",
            or(request.errorSimSize(), usual.errorSimSize()),
            1,
            MAX_ERROR_SIM_SIZE),
        request.withMapping());
  }

  private static Scheduling scheduling(SubmissionRequest request) {
    Scheduling usual = Scheduling.DEFAULT;
    int priority =
        between(
            "priority",
            or(request.priority(), usual.priority()),
            Scheduling.LOWEST,
            Scheduling.HIGHEST);
    List<String> requires = or(request.requires(), usual.requires());
    if (requires.size() > Scheduling.MAX_LABELS) {
      throw invalid(
          "requires",
          requires.size(),
          "expected at most "
              + Scheduling.MAX_LABELS
              + " labels in 'requires', found "
              + requires.size());
    }
    for (String label : requires) {
      if (!Scheduling.isLabel(label)) {
        throw invalid(
            "requires",
            label,
            "expected labels of "
                + Scheduling.LABEL_FORM
                + " in 'requires', found '"
                + shorten(label)
                + "'");
      }
    }
    return new Scheduling(priority, requires);
  }

  private static @Nullable String name(@Nullable String name) {
    if (name != null) {
      requireText("name", name, MAX_NAME);
    }
    return name;
  }

  private static List<String> tags(List<String> tags) {
    if (tags.size() > MAX_TAGS) {
      throw invalid(
          "tags", tags.size(), "expected at most " + MAX_TAGS + " tags, found " + tags.size());
    }
    List<String> checked = new ArrayList<>();
    for (String tag : tags) {
      requireText("tags", tag, MAX_TAG);
      if (!checked.contains(tag)) {
        checked.add(tag);
      }
    }
    return checked;
  }

  private static void requireText(String field, String text, int longest) {
    if (text.isBlank()
        || text.length() > longest
        || text.chars().anyMatch(Character::isISOControl)) {
      throw invalid(
          field,
          text,
          "expected 1 to "
              + longest
              + " characters of which none is a control character in '"
              + field
              + "', found "
              + (text.isBlank() ? "nothing" : text.length() + " characters"));
    }
  }

  /// BQSKit's managers run neither Quern's passes nor against the clock.
  private static void requireCarriedOut(SubmissionRequest request, Engine engine) {
    if (engine == Engine.BQSKIT) {
      if (request.workflow() != null) {
        throw invalid(
            "workflow", "bqskit", "expected a 'level' with the engine bqskit, found a 'workflow'");
      }
      if (request.timeLimit() != null) {
        throw invalid(
            "time_limit",
            request.timeLimit(),
            "expected no 'time_limit' with the engine bqskit, which cannot be stopped in time");
      }
    }
  }

  private static int level(int level, Engine engine) {
    int highest = engine == Engine.BQSKIT ? BQSKIT_LEVELS : CompilationOptions.MAX_LEVEL;
    if (level < 1 || level > highest) {
      List<Integer> known = IntStream.rangeClosed(1, highest).boxed().toList();
      throw unknown("level", level, known);
    }
    return level;
  }

  private static @Nullable Duration timeLimit(@Nullable String text) {
    if (text == null) {
      return null;
    }
    Duration limit = Durations.parse(text);
    if (limit == null || limit.isZero() || limit.compareTo(MAX_TIME_LIMIT) > 0) {
      throw invalid(
          "time_limit",
          text,
          "expected a time of 1ms to 30d such as 500ms, 30s, 10m, 2h or 1d in 'time_limit', found '"
              + shorten(text)
              + "'");
    }
    return limit;
  }

  private static void requireMeasurable(Verification verify, Circuit circuit) {
    int widest =
        switch (verify) {
          case UNITARY -> Verifier.MAX_UNITARY_QUBITS;
          case STATES -> Verifier.MAX_STATES_QUBITS;
          case AUTO, NONE -> Integer.MAX_VALUE;
        };
    if (circuit.qubits() > widest) {
      String name = verify.name().toLowerCase(Locale.ROOT);
      throw invalid(
          "verify",
          name,
          "verify '"
              + name
              + "' works up to "
              + widest
              + " qubits, the circuit has "
              + circuit.qubits()
              + "; 'auto' measures what can be measured");
    }
  }

  private static <E extends Enum<E>> E oneOf(
      Class<E> type, String field, @Nullable String name, E usual) {
    if (name == null) {
      return usual;
    }
    for (E value : type.getEnumConstants()) {
      if (value.name().equalsIgnoreCase(name)) {
        return value;
      }
    }
    List<String> known =
        Arrays.stream(type.getEnumConstants())
            .map(value -> value.name().toLowerCase(Locale.ROOT))
            .toList();
    throw unknown(field, shorten(name), known);
  }

  private static String shorten(String text) {
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
  }

  private static int between(String field, int value, int smallest, int largest) {
    if (value < smallest || value > largest) {
      String range =
          largest == Integer.MAX_VALUE ? smallest + " or more" : smallest + " to " + largest;
      throw invalid(field, value, "expected " + range + " in '" + field + "', found " + value);
    }
    return value;
  }

  private static @Nullable Double fraction(String field, @Nullable Double value) {
    if (value != null && !(value > 0 && value < 1)) {
      throw invalid(
          field,
          String.valueOf(value),
          "expected a number between 0 and 1 in '" + field + "', found " + value);
    }
    return value;
  }

  private static <T> T or(@Nullable T value, T usual) {
    return value == null ? usual : value;
  }

  private static QuernException unknown(String field, Object found, List<?> known) {
    Map<String, Object> details = details(field, found);
    details.put("known", known);
    return new QuernException(
        ErrorCode.INVALID_OPTION,
        "unknown " + field + " '" + found + "'; known are " + known,
        details);
  }

  private static QuernException invalid(String field, Object found, String message) {
    return new QuernException(ErrorCode.INVALID_OPTION, message, details(field, found));
  }

  private static Map<String, Object> details(String field, Object found) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("field", field);
    details.put("found", found instanceof String text ? shorten(text) : found);
    return details;
  }
}
