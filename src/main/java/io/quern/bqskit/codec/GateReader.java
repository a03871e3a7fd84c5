package io.quern.bqskit.codec;

import static java.util.Map.entry;

import io.quern.bqskit.codec.PickledGate.Bit;
import io.quern.bqskit.codec.PickledGate.Register;
import io.quern.bqskit.pickle.DictNode;
import io.quern.bqskit.pickle.GlobalNode;
import io.quern.bqskit.pickle.InstanceNode;
import io.quern.bqskit.pickle.PickleException;
import io.quern.bqskit.pickle.PickleNode;
import io.quern.bqskit.pickle.TupleNode;
import io.quern.engine.circuit.StandardGate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads BQSKit's gates from their pickles. Gates that OpenQASM 2 has no word for (unitaries,
/// diagonals, qudit gates and the like) are refused.
final class GateReader {
  private static final Map<String, PickledGate> BY_CLASS =
      Map.ofEntries(
          standard("XGate", StandardGate.X),
          standard("YGate", StandardGate.Y),
          standard("ZGate", StandardGate.Z),
          standard("HGate", StandardGate.H),
          standard("SGate", StandardGate.S),
          standard("SdgGate", StandardGate.SDG),
          standard("TGate", StandardGate.T),
          standard("TdgGate", StandardGate.TDG),
          standard("SqrtXGate", StandardGate.SX),
          entry("SqrtTGate", new PickledGate.Standard(StandardGate.P, List.of(Math.PI / 8))),
          standard("RXGate", StandardGate.RX),
          standard("RYGate", StandardGate.RY),
          standard("RZGate", StandardGate.RZ),
          standard("U1Gate", StandardGate.U1),
          standard("U2Gate", StandardGate.U2),
          standard("U3Gate", StandardGate.U3),
          standard("U1qGate", StandardGate.R),
          standard("CNOTGate", StandardGate.CX),
          standard("CYGate", StandardGate.CY),
          standard("CZGate", StandardGate.CZ),
          standard("CHGate", StandardGate.CH),
          entry("CSGate", new PickledGate.Standard(StandardGate.CP, List.of(Math.PI / 2))),
          entry("CTGate", new PickledGate.Standard(StandardGate.CP, List.of(Math.PI / 4))),
          standard("SqrtCNOTGate", StandardGate.CSX),
          standard("SwapGate", StandardGate.SWAP),
          standard("ISwapGate", StandardGate.ISWAP),
          standard("SqrtISwapGate", StandardGate.SQISW),
          standard("BGate", StandardGate.B),
          standard("ECRGate", StandardGate.ECR),
          entry("XXGate", new PickledGate.Standard(StandardGate.RXX, List.of(Math.PI / 2))),
          entry("YYGate", new PickledGate.Standard(StandardGate.RYY, List.of(Math.PI / 2))),
          entry("ZZGate", new PickledGate.Standard(StandardGate.RZZ, List.of(Math.PI / 2))),
          standard("CRXGate", StandardGate.CRX),
          standard("CRYGate", StandardGate.CRY),
          standard("CRZGate", StandardGate.CRZ),
          standard("CPGate", StandardGate.CP),
          standard("CUGate", StandardGate.CU),
          standard("RXXGate", StandardGate.RXX),
          standard("RYYGate", StandardGate.RYY),
          standard("RZZGate", StandardGate.RZZ),
          standard("CCXGate", StandardGate.CCX),
          standard("RCCXGate", StandardGate.RCCX),
          standard("RC3XGate", StandardGate.RC3X),
          entry("IdentityGate", new PickledGate.Identity()),
          entry("BarrierPlaceholder", new PickledGate.Barrier()),
          entry("Reset", new PickledGate.Reset()));

  /// By the gate that is controlled: the gates of one, two and more controls.
  private static final Map<StandardGate, List<StandardGate>> CONTROLLED =
      Map.of(
          StandardGate.X,
          List.of(StandardGate.CX, StandardGate.CCX, StandardGate.C3X, StandardGate.C4X),
          StandardGate.Y,
          List.of(StandardGate.CY),
          StandardGate.Z,
          List.of(StandardGate.CZ),
          StandardGate.H,
          List.of(StandardGate.CH),
          StandardGate.U1,
          List.of(StandardGate.CU1),
          StandardGate.U3,
          List.of(StandardGate.CU3),
          StandardGate.RX,
          List.of(StandardGate.CRX),
          StandardGate.RY,
          List.of(StandardGate.CRY),
          StandardGate.RZ,
          List.of(StandardGate.CRZ),
          StandardGate.SWAP,
          List.of(StandardGate.CSWAP));

  private static final Map<StandardGate, StandardGate> INVERSE =
      Map.of(
          StandardGate.S, StandardGate.SDG,
          StandardGate.SDG, StandardGate.S,
          StandardGate.T, StandardGate.TDG,
          StandardGate.TDG, StandardGate.T,
          StandardGate.SX, StandardGate.SXDG);

  private final CircuitReader circuits;

  /// @param circuits reads the circuits within gates
  GateReader(CircuitReader circuits) {
    this.circuits = circuits;
  }

  private static Map.Entry<String, PickledGate> standard(String name, StandardGate gate) {
    return entry(name, new PickledGate.Standard(gate, List.of()));
  }

  /// @param nesting in how many gates this one is
  PickledGate read(PickleNode node, int nesting) {
    if (nesting > CircuitReader.MAX_NESTING
        || !(node instanceof InstanceNode made)
        || !(made.callable() instanceof GlobalNode name)
        || !name.module().value().startsWith("bqskit.ir.gates.")
        || !(made.state() instanceof DictNode state)) {
      throw Fields.expected("a gate of BQSKit's", node);
    }
    requireQubits(state);
    PickledGate known = BY_CLASS.get(name.name().value());
    if (known != null) {
      return known;
    }
    return switch (name.name().value()) {
      case "TaggedGate" -> inner(state, nesting);
      case "DaggerGate" -> inverse(inner(state, nesting));
      case "ControlledGate" -> controlled(state, inner(state, nesting));
      case "FrozenParameterGate" -> frozen(state, inner(state, nesting));
      case "CircuitGate" ->
          new PickledGate.Nested(circuits.operations(state.get("_circuit"), nesting + 1));
      case "MeasurementPlaceholder" -> measurements(state);
      default -> throw Fields.expected("a gate that OpenQASM 2 has a word for", node);
    };
  }

  private static void requireQubits(DictNode state) {
    PickleNode radixes = state.get("_radixes");
    if (radixes != null) {
      CircuitReader.requireQubits(radixes);
    }
  }

  private PickledGate inner(DictNode state, int nesting) {
    PickleNode gate = state.get("gate");
    if (gate == null) {
      throw Fields.expected("a gate within a gate", null);
    }
    return read(gate, nesting + 1);
  }

  private static PickledGate inverse(PickledGate gate) {
    if (gate instanceof PickledGate.Standard(StandardGate standard, List<Double> fixed)) {
      StandardGate named = INVERSE.get(standard);
      if (named != null) {
        return new PickledGate.Standard(named, List.of());
      }
      if (standard.isSelfInverse()) {
        return gate;
      }
      // Every known gate of one parameter is a rotation by it.
      if (standard.parameterCount() == 1) {
        return fixed.isEmpty()
            ? new PickledGate.Negated(standard)
            : new PickledGate.Standard(standard, List.of(-fixed.getFirst()));
      }
    }
    throw new PickleException("the inverse of " + gate + " has no name in OpenQASM 2");
  }

  private static PickledGate controlled(DictNode state, PickledGate gate) {
    for (PickleNode levels : Fields.list(state.get("control_levels"), "control levels")) {
      List<PickleNode> all = Fields.list(levels, "control levels");
      if (all.size() != 1 || Fields.number(all.getFirst(), "a control level") != 1) {
        throw Fields.expected("a control by |1>", levels);
      }
    }
    int controls = Fields.smallNumber(state.get("num_controls"), "a number of controls");
    if (gate instanceof PickledGate.Standard(StandardGate standard, List<Double> fixed)
        && fixed.isEmpty()) {
      if (standard == StandardGate.SX && controls == 3) {
        return new PickledGate.Standard(StandardGate.C3SQRTX, List.of());
      }
      List<StandardGate> named = CONTROLLED.getOrDefault(standard, List.of());
      if (controls >= 1 && controls <= named.size()) {
        return new PickledGate.Standard(named.get(controls - 1), List.of());
      }
    }
    throw new PickleException(gate + " with " + controls + " controls has no name in OpenQASM 2");
  }

  private static PickledGate frozen(DictNode state, PickledGate gate) {
    if (!(state.get("frozen_params") instanceof DictNode frozen)) {
      throw Fields.expected("frozen parameters", state.get("frozen_params"));
    }
    Map<Integer, Double> set = new LinkedHashMap<>();
    for (int i = 0; i < frozen.size(); i++) {
      set.put(
          Fields.smallNumber(frozen.key(i), "the index of a parameter"),
          CircuitReader.number(frozen.value(i)));
    }
    return new PickledGate.Frozen(gate, Map.copyOf(set));
  }

  private static PickledGate measurements(DictNode state) {
    List<Register> registers = new ArrayList<>();
    for (PickleNode node : Fields.list(state.get("classical_regs"), "classical registers")) {
      // BQSKit's reader of QASM makes a named tuple of it, others a plain one.
      PickleNode pair = node instanceof InstanceNode made ? made.arguments() : node;
      List<PickleNode> parts = Fields.tuple(pair, 2, "a classical register");
      registers.add(
          new Register(
              registerName(parts.get(0)),
              Fields.smallNumber(parts.get(1), "the size of a register")));
    }
    if (!(state.get("measurements") instanceof DictNode measured)) {
      throw Fields.expected("measurements", state.get("measurements"));
    }
    Map<Integer, Bit> bits = new LinkedHashMap<>();
    for (int i = 0; i < measured.size(); i++) {
      List<PickleNode> parts = Fields.tuple(measured.value(i), 2, "a classical bit");
      bits.put(
          Fields.smallNumber(measured.key(i), "a qubit"),
          new Bit(
              registerName(parts.get(0)), Fields.smallNumber(parts.get(1), "the index of a bit")));
    }
    return new PickledGate.Measurements(registers, bits);
  }

  /// A text, or a token of BQSKit's reader of QASM: `Token(kind, text, ...)`.
  private static String registerName(PickleNode node) {
    PickleNode text =
        node instanceof InstanceNode token
                && token.isOf("lark.lexer", "Token")
                && token.arguments() instanceof TupleNode parts
                && parts.items().size() >= 2
            ? parts.items().get(1)
            : node;
    return Fields.text(text, "the name of a register");
  }
}
