package io.quern.engine.qasm;

import io.quern.engine.circuit.Circuit;

/// Reads OpenQASM 2. Opens no file and keeps nothing between calls.
///
/// The dialect is the language of the paper with Qiskit's `qelib1.inc`, built in. Gate definitions
/// are expanded where they are applied; one that says of a known gate what is known of it is read
/// as that gate. `U` and `CX` are read as `u3` and `cx`. Registers are broadcast; quantum registers
/// become qubits 0, 1, .. in order of declaration.
public final class QasmReader {

  private QasmReader() {}

  public static Circuit read(String text) {
    return read(text, QasmLimits.DEFAULT);
  }

  /// @throws QasmException if the text is not a valid program or exceeds a limit; nothing else is
  ///   thrown, whatever the text
  public static Circuit read(String text, QasmLimits limits) {
    Source source = new Source(text);
    if (text.length() > limits.maxCharacters()) {
      throw source.tooLarge(
          0,
          "max_characters",
          limits.maxCharacters(),
          "a program has at most "
              + limits.maxCharacters()
              + " characters, found "
              + text.length());
    }
    Parser parser = new Parser(source, limits);
    Lowering lowering = new Lowering(source, limits);
    for (Statement next = parser.next(); next != null; next = parser.next()) {
      lowering.lower(next);
    }
    refuseSwallowedStatements(source);
    return lowering.circuit();
  }

  /// Refuses a text whose line breaks were lost, so that a comment holds statements: it is a valid
  /// program, but not the one that was meant.
  private static void refuseSwallowedStatements(Source source) {
    if (source.isOneLineWithComment()) {
      int comment = source.text().indexOf("//");
      if (source.text().indexOf(';', comment) >= 0) {
        throw source.syntaxError(
            comment,
            comment + 2,
            "expected no statements within a comment, found '//' before some");
      }
    }
  }
}
