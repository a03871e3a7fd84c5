package io.quern.engine.qasm;

import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.qasm.Statement.Argument;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What the names of a program stand for at the point reached.
///
/// One name space holds registers and the gates the program defines. `include "qelib1.inc"` adds
/// the known gates beneath it: a program may define any of them itself, before or after; and name a
/// register after one that the original `qelib1.inc` does not have.
final class Names {
  private static final String LIBRARY = "qelib1.inc";

  /// Names of a program that an error lists; a program may have any number.
  private static final int MOST_TOLD = 50;

  /// The gates of `qelib1.inc` as published, which every reader of OpenQASM 2 knows.
  static final Set<StandardGate> ORIGINAL_LIBRARY =
      EnumSet.of(
          StandardGate.U3,
          StandardGate.U2,
          StandardGate.U1,
          StandardGate.CX,
          StandardGate.ID,
          StandardGate.X,
          StandardGate.Y,
          StandardGate.Z,
          StandardGate.H,
          StandardGate.S,
          StandardGate.SDG,
          StandardGate.T,
          StandardGate.TDG,
          StandardGate.RX,
          StandardGate.RY,
          StandardGate.RZ,
          StandardGate.CZ,
          StandardGate.CY,
          StandardGate.CH,
          StandardGate.CCX,
          StandardGate.CRZ,
          StandardGate.CU1,
          StandardGate.CU3);

  private static final Map<String, Definition> BUILT_IN =
      Map.of(
          "U", new Definition.Known(StandardGate.U3), "CX", new Definition.Known(StandardGate.CX));

  private static final Map<String, Definition> KNOWN = known();

  private final Source source;
  private final QasmLimits limits;
  private final Map<String, Definition> defined = new HashMap<>();
  private final Map<String, Bits> registers = new HashMap<>();

  /// Where each name was declared, by its offset.
  private final Map<String, Integer> declared = new HashMap<>();

  private final List<ClassicalRegister> classicalRegisters = new ArrayList<>();
  private boolean isLibraryIncluded;
  private int qubits;
  private int classicalBits;

  Names(Source source, QasmLimits limits) {
    this.source = source;
    this.limits = limits;
  }

  /// Qubits declared so far.
  int qubits() {
    return qubits;
  }

  List<ClassicalRegister> classicalRegisters() {
    return classicalRegisters;
  }

  void include(Statement.Include include) {
    if (!include.file().equals(LIBRARY)) {
      throw source.semanticError(
          include.offset(),
          "expected \"qelib1.inc\", the only file that can be included, found \""
              + include.file()
              + "\"",
          Map.of("known", List.of(LIBRARY)));
    }
    isLibraryIncluded = true;
  }

  void declare(Statement.Register register) {
    int size = register.size();
    if (size == 0) {
      throw source.semanticError(
          register.offset(), "register '" + register.name() + "' needs a size of at least 1");
    }
    StandardGate gate = StandardGate.ofQasmName(register.name());
    if (gate != null && ORIGINAL_LIBRARY.contains(gate)) {
      if (isLibraryIncluded) {
        throw source.semanticError(
            register.offset(), "'" + register.name() + "' is a gate of qelib1.inc already");
      }
      if (!register.isQuantum()) {
        // Circuits keep the names of their classical registers and are written with that library.
        throw source.semanticError(
            register.offset(),
            "expected a name that qelib1.inc does not give to a gate for a classical register,"
                + " found '"
                + register.name()
                + "'");
      }
    }
    declareOnce(register.name(), register.offset());
    if (register.isQuantum()) {
      if (size > limits.maxQubits() - qubits) {
        throw source.tooLarge(
            register.offset(),
            "max_qubits",
            limits.maxQubits(),
            "a circuit has at most " + limits.maxQubits() + " qubits, found " + sum(qubits, size));
      }
      registers.put(register.name(), new Bits(true, -1, qubits, size));
      qubits += size;
    } else {
      if (size > limits.maxClassicalBits() - classicalBits) {
        throw source.tooLarge(
            register.offset(),
            "max_classical_bits",
            limits.maxClassicalBits(),
            "a circuit has at most "
                + limits.maxClassicalBits()
                + " classical bits, found "
                + sum(classicalBits, size));
      }
      registers.put(register.name(), new Bits(false, classicalRegisters.size(), 0, size));
      classicalRegisters.add(new ClassicalRegister(register.name(), size));
      classicalBits += size;
    }
  }

  void define(String name, Definition gate, int offset) {
    declareOnce(name, offset);
    defined.put(name, gate);
  }

  /// What a gate's name means here.
  Definition gate(String name, int offset) {
    Definition gate = defined.get(name);
    if (gate == null) {
      gate = BUILT_IN.get(name);
    }
    if (gate == null && isLibraryIncluded) {
      gate = KNOWN.get(name);
    }
    if (gate != null) {
      return gate;
    }
    if (registers.containsKey(name)) {
      throw source.semanticError(offset, "'" + name + "' is a register, not a gate");
    }
    String hint =
        KNOWN.containsKey(name)
            ? "; it comes with include \"qelib1.inc\", which is missing"
            : "; a gate is defined before it is used";
    throw source.semanticError(
        offset, "gate '" + name + "' is not defined" + hint, Map.of("known", knownGates()));
  }

  /// Gates that may be applied here, those of the program first.
  private List<String> knownGates() {
    Stream<String> given =
        Stream.of(BUILT_IN.keySet(), isLibraryIncluded ? KNOWN.keySet() : Set.<String>of())
            .flatMap(Set::stream)
            .filter(gate -> !defined.containsKey(gate))
            .sorted();
    return Stream.concat(defined.keySet().stream().sorted().limit(MOST_TOLD), given).toList();
  }

  private List<String> knownRegisters(boolean isQuantum) {
    return registers.entrySet().stream()
        .filter(register -> register.getValue().isQuantum() == isQuantum)
        .map(Map.Entry::getKey)
        .sorted()
        .limit(MOST_TOLD)
        .toList();
  }

  /// The qubits an argument names.
  Bits quantum(Argument argument) {
    return find(argument, true);
  }

  /// The bits an argument names.
  Bits classical(Argument argument) {
    return find(argument, false);
  }

  private Bits find(Argument argument, boolean isQuantum) {
    Bits bits = registers.get(argument.name());
    String wanted = isQuantum ? "quantum" : "classical";
    if (bits == null) {
      String found = defined.containsKey(argument.name()) ? " is a gate" : " is not declared";
      throw source.semanticError(
          argument.offset(),
          "expected a " + wanted + " register, but '" + argument.name() + "'" + found,
          Map.of("known", knownRegisters(isQuantum)));
    }
    if (bits.isQuantum() != isQuantum) {
      throw source.semanticError(
          argument.offset(),
          "expected a "
              + wanted
              + " register, but '"
              + argument.name()
              + "' is a "
              + (isQuantum ? "classical" : "quantum")
              + " register");
    }
    if (argument.isWhole()) {
      return bits;
    }
    if (argument.index() >= bits.size()) {
      throw source.semanticError(
          argument.offset(),
          "index out of range: register '"
              + argument.name()
              + "' has the indices 0 to "
              + (bits.size() - 1)
              + ", found "
              + argument.index());
    }
    return new Bits(isQuantum, bits.register(), bits.first() + argument.index(), 1);
  }

  /// What a register would make of a count, in words where its size is beyond what is read.
  private static String sum(int before, int size) {
    return size == Integer.MAX_VALUE ? "many more" : Long.toString((long) before + size);
  }

  private void declareOnce(String name, int offset) {
    Integer before = declared.putIfAbsent(name, offset);
    if (before != null) {
      throw source.semanticError(
          offset, "'" + name + "' is declared already, in line " + source.lineOf(before));
    }
  }

  private static Map<String, Definition> known() {
    Map<String, Definition> known = new HashMap<>();
    for (StandardGate gate : StandardGate.values()) {
      if (gate.isInLibrary()) {
        known.put(gate.qasmName(), new Definition.Known(gate));
      }
    }
    return Map.copyOf(known);
  }

  /// Adjacent qubits of the circuit, or adjacent bits of one classical register.
  ///
  /// @param register index of the classical register, -1 for qubits
  record Bits(boolean isQuantum, int register, int first, int size) {}
}
