package io.quern.task;

import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.Submission.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds the machine model a client describes and checks that it can hold a circuit.
final class MachineReader {
  private static final List<String> KNOWN_COUPLINGS =
      List.of("all", "line", "ring", "grid:RxC", "a list of edges such as 0-1,1-2");

  private final int maxQubits;

  MachineReader(int maxQubits) {
    this.maxQubits = maxQubits;
  }

  /// @param width qubits of the circuit
  MachineModel read(Machine machine, int width) {
    GateSet gates = GateSet.parse(machine.gates());
    requireUniversal(gates, width);
    CouplingGraph coupling = coupling(machine.coupling(), machine.qubits(), width);
    requireRoom(coupling, width);
    return new MachineModel(coupling, gates);
  }

  private CouplingGraph coupling(String coupling, @Nullable Integer qubits, int width) {
    if (qubits != null) {
      requireCount(qubits);
    }
    int count = qubits == null ? width : qubits;
    return switch (coupling) {
      case "all" -> CouplingGraph.all(count);
      case "line" -> CouplingGraph.line(count);
      case "ring" -> CouplingGraph.ring(count);
      default -> {
        if (coupling.startsWith("grid:")) {
          yield grid(coupling, qubits);
        }
        if (!coupling.isEmpty() && "-0123456789".indexOf(coupling.charAt(0)) >= 0) {
          yield edges(coupling, qubits);
        }
        throw unknownCoupling(coupling);
      }
    };
  }

  private CouplingGraph grid(String coupling, @Nullable Integer qubits) {
    String size = coupling.substring("grid:".length());
    int times = size.indexOf('x');
    int rows = times < 0 ? -1 : number(size.substring(0, times));
    int columns = times < 0 ? -1 : number(size.substring(times + 1));
    if (rows < 1 || columns < 1) {
      throw invalid(
          "coupling",
          coupling,
          "expected a grid of at least one row and column such as grid:3x3, found '"
              + shorten(coupling)
              + "'");
    }
    long count = (long) rows * columns;
    requireCount(count);
    if (qubits != null && qubits != count) {
      throw invalid(
          "qubits", qubits, coupling + " has " + count + " qubits, but 'qubits' is " + qubits);
    }
    return CouplingGraph.grid(rows, columns);
  }

  private CouplingGraph edges(String coupling, @Nullable Integer qubits) {
    List<Edge> edges = new ArrayList<>();
    int largest = 0;
    for (String text : coupling.split(",", -1)) {
      Edge edge = edge(text.strip());
      largest = Math.max(largest, Math.max(edge.a(), edge.b()));
      edges.add(edge);
    }
    requireCount(largest + 1L);
    if (qubits != null && largest >= qubits) {
      throw invalid(
          "coupling",
          largest,
          "an edge names qubit "
              + largest
              + ", but the machine has the qubits 0 to "
              + (qubits - 1));
    }
    return CouplingGraph.of(qubits == null ? largest + 1 : qubits, edges);
  }

  private Edge edge(String text) {
    int dash = text.indexOf('-', text.startsWith("-") ? 1 : 0);
    if (text.startsWith("-") || (dash >= 0 && text.startsWith("-", dash + 1))) {
      throw invalid(
          "coupling",
          text,
          "expected an edge of two qubits from 0 on, found the negative one '"
              + shorten(text)
              + "'");
    }
    int a = dash < 0 ? -1 : number(text.substring(0, dash));
    int b = dash < 0 ? -1 : number(text.substring(dash + 1));
    if (a < 0 || b < 0) {
      throw invalid(
          "coupling",
          text,
          "expected an edge such as 0-1 of qubits below "
              + maxQubits
              + ", found '"
              + shorten(text)
              + "'");
    }
    if (a == b) {
      throw invalid("coupling", text, "an edge joins two different qubits, found " + a + "-" + b);
    }
    return new Edge(a, b);
  }

  /// The value of a row of digits, -1 if it is none or longer than any index.
  private static int number(String digits) {
    if (digits.isEmpty() || digits.length() > 9) {
      return -1;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return -1;
      }
    }
    return Integer.parseInt(digits);
  }

  private void requireCount(long qubits) {
    if (qubits < 1 || qubits > maxQubits) {
      throw invalid(
          "qubits", qubits, "expected a machine of 1 to " + maxQubits + " qubits, found " + qubits);
    }
  }

  private static void requireRoom(CouplingGraph coupling, int width) {
    if (coupling.qubits() < width) {
      throw invalid(
          "qubits",
          coupling.qubits(),
          "the circuit has " + width + " qubits, the machine only " + coupling.qubits());
    }
    int largest = 0;
    List<List<Integer>> parts = coupling.connectedComponents();
    for (List<Integer> part : parts) {
      largest = Math.max(largest, part.size());
    }
    if (largest < width) {
      throw invalid(
          "coupling",
          parts.size(),
          "the circuit needs "
              + width
              + " connected qubits, but the coupling falls into "
              + parts.size()
              + " parts, the largest of "
              + largest);
    }
  }

  private static void requireUniversal(GateSet gates, int width) {
    if (gates.isUniversal(width)) {
      return;
    }
    String missing =
        gates.hasAllOneQubitUnitaries()
            ? "a two-qubit gate that entangles and that Quern can use, such as cx or cz, is"
                + " missing"
            : "not every one-qubit gate is exactly a product of these; u3 alone would do, or rz and"
                + " sx";
    throw invalid(
        "gates",
        gates.qasmNames(),
        "the gate set " + gates.qasmNames() + " is not universal: " + missing);
  }

  private static QuernException unknownCoupling(String coupling) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("field", "machine.coupling");
    details.put("found", shorten(coupling));
    details.put("known", KNOWN_COUPLINGS);
    return new QuernException(
        ErrorCode.INVALID_MACHINE,
        "unknown coupling '"
            + shorten(coupling)
            + "'; expected one of "
            + String.join(", ", KNOWN_COUPLINGS),
        details);
  }

  private static QuernException invalid(String field, Object found, String message) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("field", "machine." + field);
    details.put("found", found instanceof String text ? shorten(text) : found);
    return new QuernException(ErrorCode.INVALID_MACHINE, message, details);
  }

  private static String shorten(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
