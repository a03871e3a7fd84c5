package io.quern.engine.qasm;

import static java.util.Map.entry;

import io.quern.engine.circuit.StandardGate;
import java.util.List;
import java.util.Map;

/// How the gates outside the original `qelib1.inc` are defined for readers that know no others.
///
/// @param parameters names of the parameters
/// @param qubits names of the qubits
/// @param body of gates of the original library and of gates defined before, without `-` in front
///   of a sum, which readers understand in different ways
record LibraryText(String parameters, String qubits, String body) {

  /// Sources of the constructions: Barenco et al., Elementary gates for quantum computation, 1995,
  /// arXiv:quant-ph/9503016 (controlled gates: section 7, Gray code); Maslov, arXiv:1508.03273
  /// (relative phases).
  private static final Map<StandardGate, LibraryText> TEXTS =
      Map.ofEntries(
          entry(StandardGate.U0, new LibraryText("gamma", "a", "U(0,0,0) a;")),
          entry(StandardGate.U, new LibraryText("theta,phi,lambda", "a", "U(theta,phi,lambda) a;")),
          entry(StandardGate.P, new LibraryText("lambda", "a", "u1(lambda) a;")),
          entry(StandardGate.SX, new LibraryText("", "a", "sdg a; h a; sdg a;")),
          entry(StandardGate.SXDG, new LibraryText("", "a", "s a; h a; s a;")),
          entry(StandardGate.SWAP, new LibraryText("", "a,b", "cx a,b; cx b,a; cx a,b;")),
          entry(StandardGate.CSX, new LibraryText("", "a,b", "h b; cu1(pi/2) a,b; h b;")),
          entry(StandardGate.CRX, new LibraryText("theta", "a,b", "h b; crz(theta) a,b; h b;")),
          entry(
              StandardGate.CRY,
              new LibraryText("theta", "a,b", "ry(theta/2) b; cx a,b; ry(-theta/2) b; cx a,b;")),
          entry(StandardGate.CP, new LibraryText("lambda", "a,b", "cu1(lambda) a,b;")),
          entry(
              StandardGate.CU,
              new LibraryText(
                  "theta,phi,lambda,gamma", "a,b", "u1(gamma) a; cu3(theta,phi,lambda) a,b;")),
          entry(
              StandardGate.RXX,
              new LibraryText("theta", "a,b", "h a; h b; cx a,b; rz(theta) b; cx a,b; h a; h b;")),
          entry(StandardGate.RZZ, new LibraryText("theta", "a,b", "cx a,b; rz(theta) b; cx a,b;")),
          entry(
              StandardGate.R, new LibraryText("theta,phi", "a", "u3(theta,phi-pi/2,pi/2-phi) a;")),
          entry(
              StandardGate.RYY,
              new LibraryText(
                  "theta",
                  "a,b",
                  "sdg a; sdg b; h a; h b; cx a,b; rz(theta) b; cx a,b; h a; h b; s a; s b;")),
          entry(
              StandardGate.ECR, new LibraryText("", "a,b", "s a; sdg b; h b; sdg b; cx a,b; x a;")),
          entry(
              StandardGate.ISWAP,
              new LibraryText("", "a,b", "s a; s b; h a; cx a,b; cx b,a; h b;")),
          entry(StandardGate.SQISW, new LibraryText("", "a,b", interaction("-pi/4", "-pi/4"))),
          entry(StandardGate.B, new LibraryText("", "a,b", interaction("-pi/2", "-pi/4"))),
          entry(StandardGate.CSWAP, new LibraryText("", "a,b,c", "cx c,b; ccx a,b,c; cx c,b;")),
          entry(
              StandardGate.RCCX,
              new LibraryText(
                  "", "a,b,c", "h c; t c; cx b,c; tdg c; cx a,c; t c; cx b,c; tdg c; h c;")),
          entry(
              StandardGate.RC3X,
              new LibraryText(
                  "",
                  "a,b,c,d",
                  "h d; t d; cx c,d; tdg d; h d;"
                      + " cx a,d; t d; cx b,d; tdg d; cx a,d; t d; cx b,d; tdg d;"
                      + " h d; t d; cx c,d; tdg d; h d;")),
          entry(StandardGate.C3X, new LibraryText("", "a,b,c,d", grayCode("pi/4"))),
          entry(StandardGate.C3SQRTX, new LibraryText("", "a,b,c,d", grayCode("pi/8"))),
          entry(
              StandardGate.C4X,
              new LibraryText(
                  "",
                  "a,b,c,d,e",
                  "h e; cu1(pi/2) d,e; h e; c3x a,b,c,d;"
                      + " h e; cu1(-pi/2) d,e; h e; c3x a,b,c,d; c3sqrtx a,b,c,e;")));

  /// How a gate is defined, or null for those of the original library.
  static @org.jspecify.annotations.Nullable LibraryText of(StandardGate gate) {
    return TEXTS.get(gate);
  }

  /// The gates a gate's definition needs defined before it.
  static List<StandardGate> needed(StandardGate gate) {
    return gate == StandardGate.C4X ? List.of(StandardGate.C3X, StandardGate.C3SQRTX) : List.of();
  }

  /// `exp(-i xx/2 XX - i yy/2 YY)`: between quarter turns about X, CX carries XX and YY to turns of
  /// one qubit each.
  private static String interaction(String xx, String yy) {
    return "rx(pi/2) a; rx(pi/2) b; cx a,b; rx(XX) a; rz(YY) b; cx a,b; rx(-pi/2) a; rx(-pi/2) b;"
        .replace("XX", xx)
        .replace("YY", yy);
  }

  /// A triple-controlled power of X on `d`: a phase is given for every parity of the controls.
  private static String grayCode(String angle) {
    return "h d; cu1(A) a,d; cx a,b; cu1(-A) b,d; cx a,b; cu1(A) b,d; cx b,c; cu1(-A) c,d; cx a,c;"
            .replace("A", angle)
        + " cu1(A) c,d; cx b,c; cu1(-A) c,d; cx a,c; cu1(A) c,d; h d;".replace("A", angle);
  }
}
