package io.quern.engine.qasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quern.failure.ErrorCode;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a user is told: each row is a program below the two header lines, with `|` for a line
/// break, and the error it must give.
class QasmErrorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      quoteCharacter = '\0',
      textBlock =
          """
          qreg q[2];|h q[0] cx q[0],q[1];      § 4 §  8 § cx    § expected ';' after a gate application, found 'cx'
          qreg q[2]                            § 3 § 10 §       § expected ';' after a declaration, found the end of the text
          qreg q;                              § 3 §  7 § ;     § expected '[' and a size
          qreg q[a];                           § 3 §  8 § a     § expected an integer as the size of a register, found 'a'
          qreg q[02];                          § 3 §  8 § 02    § an integer has no leading zeros
          qreg Q[2];                           § 3 §  6 § Q     § a name starts with a lower-case letter
          qreg gate[2];                        § 3 §  6 § gate  § expected the name of a register
          qreg q[2];;                          § 3 § 11 § ;     § expected a statement, found ';'
          qreg q[1]; @                         § 3 § 12 § @     § OpenQASM 2 has no use for '@' here
          qreg q[1]; rz(1+) q[0];              § 3 § 17 § )     § expected a number or 'pi' or a parameter or a function or '(' in an expression, found ')'
          qreg q[1]; rz(1 q[0];                § 3 § 17 § q     § expected ')' or ',' after a parameter, found 'q'
          qreg q[1]; rz(1e) q[0];              § 3 § 15 § 1e    § expected digits in the exponent
          qreg q[1]; rz(0x1) q[0];             § 3 § 15 § 0x1   § expected a number or a name, found '0x1'
          qreg q[1]; creg c[1]; if(c=1) h q[0]; § 3 § 27 § =    § expected '==', found '='
          qreg q[1]; creg c[1]; if(c==1) barrier q; § 3 § 32 § barrier § expected a statement, found 'barrier'
          gate f a { measure a; }              § 3 § 12 § measure § expected a gate or 'barrier' or '}' in a gate's body, found 'measure'
          gate f a { h a;                      § 3 § 16 §       § found the end of the text
          gate f { }                           § 3 §  8 § {     § expected the name of a qubit
          include "qelib1.inc;|qreg q[1];      § 3 §  9 § "qelib1.inc; § expected a closing '"' before the end of the line
          """)
  void syntaxErrorsSayWhereAndWhat(
      String program, int line, int column, String token, String message) {
    QasmException error = error(program, token == null ? "" : token, line, column);
    assertThat(error).hasMessageContaining(message);
    assertThat(error.code()).isEqualTo(ErrorCode.QASM_SYNTAX);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      quoteCharacter = '\0',
      textBlock =
          """
          h q[0];                              § 3 §  3 § q      § expected a quantum register, but 'q' is not declared
          qreg q[2]; foo q[0];                 § 3 § 12 § foo    § gate 'foo' is not defined; a gate is defined before it is used
          qreg q[2]; q q[0];                   § 3 § 12 § q      § 'q' is a register, not a gate
          qreg q[2];|creg q[2];                § 4 §  6 § q      § 'q' is declared already, in line 3
          gate f a {}|gate f a {} qreg q[1];   § 4 §  6 § f      § 'f' is declared already, in line 3
          gate f a {}|qreg f[1];               § 4 §  6 § f      § 'f' is declared already, in line 3
          qreg x[1];                           § 3 §  6 § x      § 'x' is a gate of qelib1.inc already
          qreg q[0];                           § 3 §  6 § q      § needs a size of at least 1
          qreg q[2]; h q[2];                   § 3 § 14 § q      § register 'q' has the indices 0 to 1, found 2
          qreg q[2]; h q[99999999999999];      § 3 § 14 § q      § index out of range
          qreg q[2]; cx q[1],q[1];             § 3 § 20 § q      § found 'q[1]' twice
          qreg q[2]; cx q,q;                   § 3 § 17 § q      § found 'q' twice
          qreg q[2]; cx q[0],q;                § 3 § 20 § q      § found 'q' twice
          gate f a,b { cx a,a; } qreg q[1];    § 3 § 19 § a      § a gate acts on different qubits
          gate f a,a { } qreg q[1];            § 3 § 10 § a      § 'a' appears twice in the same definition
          gate f(a) a { } qreg q[1];           § 3 § 11 § a      § 'a' appears twice in the same definition
          gate f a { h b; } qreg q[1];         § 3 § 14 § b      § 'b' is not a qubit of this gate
          gate f a { h a[0]; } qreg q[1];      § 3 § 14 § a      § names its qubits without an index
          gate f a { f a; } qreg q[1];         § 3 § 12 § f      § gate 'f' cannot be part of its own definition
          gate h a { h a; } qreg q[1];         § 3 § 12 § h      § gate 'h' cannot be part of its own definition
          gate f(t) a { rz(s) a; } qreg q[1];  § 3 § 18 § s      § 's' is not a parameter or constant; the parameters here are t
          qreg q[2]; rz q[0];                  § 3 § 12 § rz     § rz takes 1 parameter, found 0
          qreg q[2]; rz(1,2) q[0];             § 3 § 12 § rz     § rz takes 1 parameter, found 2
          qreg q[2]; cx q[0];                  § 3 § 12 § cx     § cx acts on 2 qubits, found 1
          qreg a[2]; qreg b[3]; cx a,b;        § 3 § 28 § b      § expected 2 qubits, found 3 in 'b'
          qreg q[2]; creg c[3]; measure q->c;  § 3 § 34 § c      § expected a register of 2, found a register of 3
          qreg q[2]; creg c[1]; measure q[0]->c; § 3 § 37 § c    § expected the single bit 'q[0]', found a register of 1
          qreg q[2]; measure q[0]->q[1];       § 3 § 26 § q      § expected a classical register, but 'q' is a quantum register
          qreg q[2]; creg c[2]; h c[0];        § 3 § 25 § c      § expected a quantum register, but 'c' is a classical register
          qreg q[2]; if(q==1) h q[0];          § 3 § 15 § q      § expected a classical register, but 'q' is a quantum register
          qreg q[2]; if(d==1) h q[0];          § 3 § 15 § d      § expected a classical register, but 'd' is not declared
          qreg q[1]; rz(1/0) q[0];             § 3 § 16 § /      § division by zero
          qreg q[1]; rz(ln(0)) q[0];           § 3 § 15 § ln     § ln(0.0) is not a finite real number
          qreg q[1]; rz(sqrt(-1)) q[0];        § 3 § 15 § sqrt   § sqrt(-1.0) is not a finite real number
          qreg q[1]; rz(1e999) q[0];           § 3 § 15 § 1e999  § the number is too large
          qreg q[1]; rz(9^999) q[0];           § 3 § 16 § ^      § 9.0 ^ 999.0 is not a finite real number
          gate f(t) a { rz(1/t) a; }|qreg q[1];|f(0) q[0]; § 3 § 19 § / § division by zero
          opaque f a; qreg q[1]; f q[0];       § 3 § 24 § f      § an opaque gate can be declared but not applied
          include "foo.inc"; qreg q[1];        § 3 §  9 § "      § expected "qelib1.inc", the only file that can be included, found "foo.inc"
          include "/etc/passwd"; qreg q[1];    § 3 §  9 § "      § the only file that can be included
          creg c[1];                           § 4 §  1 §        § the program declares no qubits
          qreg q[2]; creg c[2]; if(c==1) measure q->c; § 3 § 32 § measure § has no one meaning
          """)
  void semanticErrorsSayWhereAndWhat(
      String program, int line, int column, String token, String message) {
    QasmException error = error(program, token == null ? "" : token, line, column);
    assertThat(error).hasMessageContaining(message);
    assertThat(error.code()).isEqualTo(ErrorCode.QASM_SEMANTICS);
  }

  /// The register keeps its name, and the circuit is written with the library.
  @Test
  void classicalRegisterNamedLikeAGateOfTheLibraryIsRefusedThoughItIsNotIncluded() {
    assertThatThrownBy(() -> QasmReader.read("OPENQASM 2.0;\nqreg x[1];\ncreg h[1];\n"))
        .isInstanceOfSatisfying(QasmException.class, error -> assertThat(error.line()).isEqualTo(3))
        .hasMessageContaining("found 'h'");
    assertThat(QasmReader.read("OPENQASM 2.0;\nqreg h[1];\ncreg sx[1];\n").qubits()).isEqualTo(1);
  }

  @Test
  void unknownNamesComeWithTheKnownOnes() {
    String declared = "gate f a {}|qreg q[2];|qreg a[1];|creg c[1];|";
    assertThat(error(declared + "g q[0];", "g", 7, 1).details().get("known"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .startsWith("f", "CX", "U")
        .contains("u3", "c4x");
    assertThat(error(declared + "h r[0];", "r", 7, 3).details())
        .containsEntry("known", List.of("a", "q"));
    assertThat(error(declared + "measure q[0]->d[0];", "d", 7, 15).details())
        .containsEntry("known", List.of("c"));
  }

  @Test
  void offendingLineIsShown() {
    QasmException error = error("qreg q[2];|h q[0] cx q[0],q[1];", "cx", 4, 8);
    assertThat(error.details())
        .containsEntry("source_line", "h q[0] cx q[0],q[1];")
        .containsEntry("expected", List.of(";"));
  }

  @Test
  void longLinesAreShownAroundTheToken() {
    String filler = "h q[0]; ".repeat(1000);
    QasmException error = error("qreg q[1]; " + filler + "@" + filler, "@", 3, 8012);
    assertThat(String.valueOf(error.details().get("source_line")))
        .contains("h q[0]; @h q[0];")
        .startsWith("...")
        .endsWith("...")
        .hasSize(206);
  }

  @Test
  void longTokensAreCut() {
    QasmException error =
        catchThrowableOfType(
            QasmException.class, () -> QasmReader.read("x".repeat(1_000_000) + ";"));
    assertThat(error.getMessage()).hasSizeLessThan(200);
    assertThat(String.valueOf(error.details().get("token"))).hasSize(43);
  }

  @Test
  void openQasm3IsNamed() {
    QasmException error =
        catchThrowableOfType(
            QasmException.class, () -> QasmReader.read("OPENQASM 3.0;\nqubit[2] q;\n"));
    assertThat(error)
        .hasMessage(
            "OpenQASM 3 is not supported yet: expected a program in OpenQASM 2.0, found version"
                + " 3.0");
    assertThat(error.line()).isEqualTo(1);
    assertThat(error.column()).isEqualTo(10);
  }

  @Test
  void missingHeaderAndIncludeAreNamed() {
    assertThat(catchThrowableOfType(QasmException.class, () -> QasmReader.read("qreg q[1];")))
        .hasMessage("expected 'OPENQASM 2.0;' at the start, found 'qreg'");
    assertThat(catchThrowableOfType(QasmException.class, () -> QasmReader.read("")))
        .hasMessage("expected 'OPENQASM 2.0;' at the start, found the end of the text");
    assertThat(
            catchThrowableOfType(
                QasmException.class, () -> QasmReader.read("OPENQASM 2.0; qreg q[1]; h q[0];")))
        .hasMessageContaining("it comes with include \"qelib1.inc\", which is missing");
  }

  @Test
  void columnsDoNotCountTheByteOrderMark() {
    QasmException error =
        catchThrowableOfType(QasmException.class, () -> QasmReader.read("\uFEFFhello"));
    assertThat(error.column()).isEqualTo(1);
    assertThat(error.details()).containsEntry("source_line", "hello");
  }

  @Test
  void lineEndsOfEveryKindAreCounted() {
    QasmException error =
        catchThrowableOfType(
            QasmException.class, () -> QasmReader.read("OPENQASM 2.0;\r\n\r\n//\r// a\n  @"));
    assertThat(error.line()).isEqualTo(5);
    assertThat(error.column()).isEqualTo(3);
  }

  @Test
  void textThatLostItsLineBreaksGetsAHint() {
    String lost = "OPENQASM 2.0;include \"qelib1.inc\";// a Bell pairqreg q[2];h q[0];";
    assertThat(catchThrowableOfType(QasmException.class, () -> QasmReader.read(lost)))
        .hasMessageContaining("--data-binary");
    String valid = "OPENQASM 2.0;include \"qelib1.inc\";qreg q[2];// nowh q[0];";
    assertThat(catchThrowableOfType(QasmException.class, () -> QasmReader.read(valid)))
        .hasMessageContaining("--data-binary");
  }

  private static QasmException error(String program, String token, int line, int column) {
    String text = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n" + program.replace('|', '\n');
    if (column == 1 && token.isEmpty()) {
      text += "\n";
    }
    String source = text;
    QasmException error = catchThrowableOfType(QasmException.class, () -> QasmReader.read(source));
    assertThat(error).as(source).isNotNull();
    assertThat(error.details())
        .as(error.getMessage())
        .containsEntry("line", line)
        .containsEntry("column", column)
        .containsEntry("token", token);
    assertThat(error.line()).isEqualTo(line);
    assertThat(error.column()).isEqualTo(column);
    return error;
  }
}
