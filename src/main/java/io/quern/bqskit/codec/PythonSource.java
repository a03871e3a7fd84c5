package io.quern.bqskit.codec;

import io.quern.bqskit.pickle.DictNode;
import io.quern.bqskit.pickle.GlobalNode;
import io.quern.bqskit.pickle.InstanceNode;
import io.quern.bqskit.pickle.ListNode;
import io.quern.bqskit.pickle.PickleException;
import io.quern.bqskit.pickle.PickleLimits;
import io.quern.bqskit.pickle.PickleNode;
import io.quern.bqskit.pickle.PickleNode.Constant;
import io.quern.bqskit.pickle.PickleNode.Int;
import io.quern.bqskit.pickle.PickleNode.Real;
import io.quern.bqskit.pickle.PickleReader;
import io.quern.bqskit.pickle.PickleWriter;
import io.quern.bqskit.pickle.TextNode;
import io.quern.bqskit.pickle.TupleNode;
import io.quern.bqskit.wire.PickledValue;
import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.qasm.QasmWriter;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles circuits with BQSKit's own workflows on its workers, without anything of Quern
/// installed there: the one Python source, `bqskit/compile_circuit.py`, goes along as text.
public final class PythonSource {
  /// Evaluates to the function that the text under `source` defines.
  private static final String FUNCTION =
      "(exec(source, space := {'__name__': 'quern'}), space['compile_circuit'])[1]";

  private static final String SOURCE = load();

  /// What comes back.
  ///
  /// @param version of BQSKit
  /// @param qasm the compiled circuit, on all qubits of the machine
  /// @param initialMapping physical qubit of each qubit of the input before the first gate
  /// @param finalMapping the same after the last
  /// @param error BQSKit's bound on the error, as a distance (0 for none)
  public record Outcome(
      String version,
      String qasm,
      List<Integer> initialMapping,
      List<Integer> finalMapping,
      double error) {
    public Outcome {
      initialMapping = List.copyOf(initialMapping);
      finalMapping = List.copyOf(finalMapping);
    }
  }

  private PythonSource() {}

  /// The call that compiles a circuit, for [RootTasks#ofCall].
  ///
  /// @param level 1 to 4, BQSKit's `optimization_level`
  /// @param synthesisEpsilon BQSKit's option of that name, such as 1e-8
  /// @param seed BQSKit's option of that name, or null
  /// @throws QuernException if the circuit has something that BQSKit would compile wrongly
  public static PickledValue call(
      Circuit circuit,
      MachineModel machine,
      int level,
      double synthesisEpsilon,
      @Nullable Long seed) {
    check(circuit, machine);
    PickleNode arguments =
        new TupleNode(
            new TextNode(QasmWriter.write(circuit)),
            texts(definitions(machine)),
            new Int(machine.qubits()),
            new ListNode(
                machine.coupling().edges().stream()
                    .map(edge -> new TupleNode(new Int(edge.a()), new Int(edge.b())))
                    .toList()),
            texts(machine.gates().qasmNames()),
            new Int(level),
            new Real(synthesisEpsilon),
            seed == null ? Constant.NONE : new Int(seed));
    PickleNode function =
        InstanceNode.call(
            new GlobalNode("builtins", "eval"),
            new TextNode(FUNCTION),
            new DictNode().with(new TextNode("source"), new TextNode(SOURCE)));
    return PickledValue.of(PickleWriter.write(new TupleNode(function, arguments, new DictNode())));
  }

  /// Reads what the call returned.
  ///
  /// @param returned of [WireCodec#returned]
  /// @throws PickleException if it is something else
  public static Outcome outcome(PickledValue returned, PickleLimits limits) {
    List<PickleNode> parts =
        Fields.list(PickleReader.read(returned.toBytes(), limits), "a compiled circuit");
    if (parts.size() != 5 || !(parts.get(4) instanceof Real(double error))) {
      throw new PickleException(
          "expected a compiled circuit of 5 parts with a number at the end, found " + parts);
    }
    return new Outcome(
        Fields.text(parts.get(0), "a version"),
        Fields.text(parts.get(1), "a circuit"),
        qubits(parts.get(2)),
        qubits(parts.get(3)),
        error);
  }

  private static List<Integer> qubits(PickleNode node) {
    List<Integer> all = new ArrayList<>();
    for (PickleNode item : Fields.list(node, "a list of qubits")) {
      all.add(Fields.smallNumber(item, "a qubit"));
    }
    return all;
  }

  /// BQSKit carries out conditional gates always, forgets all but the last measurement of a qubit
  /// and puts measurements at the end; such circuits it must not get.
  private static void check(Circuit circuit, MachineModel machine) {
    if (circuit.qubits() > machine.qubits()) {
      throw new QuernException(
          ErrorCode.INVALID_MACHINE,
          "expected a machine of at least "
              + circuit.qubits()
              + " qubits, found "
              + machine.qubits());
    }
    Set<Integer> measured = new HashSet<>();
    for (Operation operation : circuit.operations()) {
      switch (operation) {
        case GateOperation gate -> {
          for (int i = 0; i < gate.location().size(); i++) {
            requireNotMeasured(measured, gate.location().get(i));
          }
        }
        case Measurement measurement -> {
          requireNotMeasured(measured, measurement.qubit());
          measured.add(measurement.qubit());
        }
        case Reset _ -> throw refuse("a reset");
        case Conditional _ -> throw refuse("a conditional operation");
        case Barrier _ -> {}
      }
    }
  }

  private static void requireNotMeasured(Set<Integer> measured, int qubit) {
    if (measured.contains(qubit)) {
      throw refuse("an operation on qubit " + qubit + " after its measurement");
    }
  }

  private static QuernException refuse(String what) {
    return new QuernException(
        ErrorCode.INVALID_OPTION,
        "expected gates and final measurements only for the engine bqskit, which compiles others"
            + " wrongly; found "
            + what);
  }

  /// The definitions of those of the machine's gates that `qelib1.inc` lacks.
  private static List<String> definitions(MachineModel machine) {
    Circuit.Builder all = Circuit.builder(5);
    for (StandardGate gate : machine.gates().gates()) {
      int[] location = new int[gate.qubits()];
      for (int i = 0; i < location.length; i++) {
        location[i] = i;
      }
      all.gate(gate, Parameters.of(new double[gate.parameterCount()]), location);
    }
    return QasmWriter.write(all.build()).lines().filter(line -> line.startsWith("gate ")).toList();
  }

  private static ListNode texts(List<String> texts) {
    return new ListNode(texts.stream().map(TextNode::new).toList());
  }

  private static String load() {
    try (InputStream in =
        Objects.requireNonNull(
            PythonSource.class.getResourceAsStream("/bqskit/compile_circuit.py"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
