package io.quern.cli;

import io.quern.engine.compile.CircuitStatistics;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.compile.PassReport;
import io.quern.failure.QuernException;
import java.util.Locale;
import java.util.Map;

/// What the command line says about a compilation.
final class Summary {
  private Summary() {}

  /// Counts before and after, and the evidence.
  static String of(CompilationResult result) {
    CircuitStatistics before = result.before();
    CircuitStatistics after = result.after();
    var text = new StringBuilder();
    line(text, "%-18s%8s%8s", "", "before", "after");
    line(text, "%-18s%8d%8d", "qubits", before.qubits(), after.qubits());
    line(text, "%-18s%8d%8d", "two-qubit gates", before.twoQubitGates(), after.twoQubitGates());
    line(text, "%-18s%8d%8d", "two-qubit depth", before.twoQubitDepth(), after.twoQubitDepth());
    line(text, "%-18s%8d%8d", "operations", before.operations(), after.operations());
    line(text, "%-18s%8d%8d", "depth", before.depth(), after.depth());
    if (result.hasMapping()) {
      line(text, "initial mapping   %s", result.initialMapping());
      line(text, "final mapping     %s", result.finalMapping());
    }
    if (result.distance() != null) {
      line(
          text,
          "distance          %.1e (%s)",
          result.distance().value(),
          result.distance().method());
    }
    line(text, "error bound       %.1e", result.errorBound());
    double seconds = result.passes().stream().mapToDouble(PassReport::seconds).sum();
    line(
        text,
        "%.3f s, kernel %s, seed %d, version %s%s",
        seconds,
        result.kernel(),
        result.seed(),
        result.version(),
        result.isPartial() ? ": PARTIAL, the time limit cut the search short" : "");
    return text.toString();
  }

  /// What the circuit alone does not say, as the comments that lead it.
  static String comments(CompilationResult result) {
    var text = new StringBuilder();
    if (result.hasMapping()) {
      line(text, "// initial_mapping: %s", result.initialMapping());
      line(text, "// final_mapping: %s", result.finalMapping());
    }
    line(text, "// seed: %d", result.seed());
    line(text, "// version: %s", result.version());
    return text.toString();
  }

  /// A failure as the API's problem, on a few lines: title and detail, and for a circuit the place.
  static String of(QuernException failure, String file) {
    Map<String, Object> details = failure.details();
    var text = new StringBuilder();
    Object lineNumber = details.get("line");
    String place =
        lineNumber == null ? "" : file + ":" + lineNumber + ":" + details.get("column") + ": ";
    line(text, "quern: %s", failure.code().title());
    line(text, "%s%s", place, String.valueOf(failure.getMessage()));
    if (details.get("source_line") instanceof String source) {
      line(text, "  %s", source);
      // Of a long line only a part is shown, and columns do not fit it.
      if (details.get("column") instanceof Integer column
          && column <= source.length() + 1
          && !source.startsWith("...")) {
        line(text, "  %s^", source.substring(0, column - 1).replaceAll("[^\t]", " "));
      }
    }
    return text.toString();
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
