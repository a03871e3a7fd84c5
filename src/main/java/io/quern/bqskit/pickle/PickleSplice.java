package io.quern.bqskit.pickle;

import java.util.List;

/// Puts pickles that [PickleWriter] wrote into others without reading them: they number their memo
/// themselves, from 0, and fetch nothing that they did not store, so they fit anywhere.
public final class PickleSplice {
  private PickleSplice() {}

  /// `(function, (argument,), {})`, as BQSKit's runtime tasks carry their call.
  public static Pickle call(GlobalNode function, Pickle argument) {
    Pickle out = start();
    global(out, function);
    body(out, argument);
    out.put(Opcode.TUPLE1);
    out.put(Opcode.EMPTY_DICT);
    out.put(Opcode.TUPLE3);
    out.put(Opcode.STOP);
    return out.trim();
  }

  /// `(enumeration(number), value)`, as all messages of BQSKit's wire are.
  public static Pickle message(GlobalNode enumeration, int number, Pickle value) {
    Pickle out = start();
    member(out, enumeration, number);
    body(out, value);
    out.put(Opcode.TUPLE2);
    out.put(Opcode.STOP);
    return out;
  }

  /// `(enumeration(number), [value, ...])`.
  public static Pickle messageOfList(GlobalNode enumeration, int number, List<Pickle> values) {
    Pickle out = start();
    member(out, enumeration, number);
    out.put(Opcode.EMPTY_LIST);
    out.put(Opcode.MARK);
    values.forEach(value -> body(out, value));
    out.put(Opcode.APPENDS);
    out.put(Opcode.TUPLE2);
    out.put(Opcode.STOP);
    return out;
  }

  private static void check(Pickle pickle) {
    long size = pickle.size();
    if (size < 4
        || pickle.at(0) != Opcode.PROTO
        || pickle.at(1) != 4
        || pickle.at(2) == Opcode.FRAME
        || pickle.at(size - 1) != Opcode.STOP) {
      throw new IllegalArgumentException("expected a pickle that PickleWriter wrote");
    }
  }

  private static Pickle start() {
    Pickle out = new Pickle();
    out.put(Opcode.PROTO);
    out.put(4);
    return out;
  }

  private static void member(Pickle out, GlobalNode enumeration, int number) {
    global(out, enumeration);
    out.put(Opcode.BININT1);
    out.put(number);
    out.put(Opcode.TUPLE1);
    out.put(Opcode.REDUCE);
  }

  private static void global(Pickle out, GlobalNode global) {
    for (TextNode text : List.of(global.module(), global.name())) {
      out.put(Opcode.SHORT_BINUNICODE);
      out.put(text.length());
      out.put(text.buffer(), text.offset(), text.length());
    }
    out.put(Opcode.STACK_GLOBAL);
  }

  private static void body(Pickle out, Pickle value) {
    check(value);
    out.put(value, 2, value.size() - 1);
  }
}
