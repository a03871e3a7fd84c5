/// OpenQASM 2: text to circuit ([io.quern.engine.qasm.QasmReader]) and back
/// ([io.quern.engine.qasm.QasmWriter]).
///
/// A text goes through [io.quern.engine.qasm.Lexer] (characters to tokens),
/// [io.quern.engine.qasm.Parser] (tokens to [io.quern.engine.qasm.Statement]s, one at a time) and
/// [io.quern.engine.qasm.Lowering] (statements to operations: names, sizes, gate definitions).
///
/// ```
/// program    = header { statement } .
/// header     = "OPENQASM" ( real | integer ) ";" .
/// statement  = "include" string ";"
///            | ( "qreg" | "creg" ) id "[" integer "]" ";"
///            | "gate" id [ "(" [ ids ] ")" ] ids "{" { bodystep } "}"
///            | "opaque" id [ "(" [ ids ] ")" ] ids ";"
///            | "if" "(" id "==" integer ")" step
///            | "barrier" arguments ";"
///            | step .
/// step       = call | "measure" argument "->" argument ";" | "reset" argument ";" .
/// call       = ( "U" | "CX" | id ) [ "(" [ expressions ] ")" ] arguments ";" .
/// bodystep   = call | "barrier" ids ";" .            (arguments without an index)
/// argument   = id [ "[" integer "]" ] .
/// expression = term { ( "+" | "-" ) term } .
/// term       = factor { ( "*" | "/" ) factor } .
/// factor     = ( "+" | "-" ) factor | power .
/// power      = primary [ "^" factor ] .               (to the right; -2^2 is -4)
/// primary    = real | integer | "pi" | id | function "(" expression ")" | "(" expression ")" .
/// function   = "sin" | "cos" | "tan" | "exp" | "ln" | "sqrt" .
/// ```
///
/// Source of the language: Cross, Bishop, Smolin, Gambetta, Open Quantum Assembly Language, 2017,
/// arXiv:1707.03429; where its grammar is ambiguous (`^`), Qiskit's reading.
@NullMarked
package io.quern.engine.qasm;

import org.jspecify.annotations.NullMarked;
