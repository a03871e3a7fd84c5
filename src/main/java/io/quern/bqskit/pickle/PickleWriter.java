package io.quern.bqskit.pickle;

import io.quern.bqskit.pickle.InstanceNode.Making;
import io.quern.bqskit.pickle.PickleNode.BigInt;
import io.quern.bqskit.pickle.PickleNode.Constant;
import io.quern.bqskit.pickle.PickleNode.Int;
import io.quern.bqskit.pickle.PickleNode.Real;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;

/// Writes a tree as a pickle that Python reads as the same value: protocol 4, with a PROTO 5 before
/// each `bytearray`, without frames. It numbers its memo itself ([PickleSplice] relies on that).
///
/// A node is written where it is met first and fetched from the memo after that, so objects that
/// were one stay one, whether the tree was read from one pickle, is a part of it, or is put
/// together from several. Walks with a stack of its own, never by recursion; long byte strings are
/// not copied.
public final class PickleWriter {
  /// As many items as Python puts between a mark and the opcode that takes them.
  private static final int BATCH = 1000;

  private static final int MAX_GROWTH = 8;

  /// What is being written: a node, and how many of its parts have been.
  private Object[] open = new Object[32];

  private int[] next = new int[32];
  private int height;

  private final Pickle out = new Pickle();
  private final IdentityHashMap<PickleNode, Integer> memo = new IdentityHashMap<>();
  private long discarded;

  private PickleWriter() {}

  /// The pickle of a value.
  ///
  /// @throws PickleException if tuples contain themselves in so many ways that writing them would
  ///   take far more room than reading them did, which no real value does
  public static Pickle write(PickleNode node) {
    return new PickleWriter().run(node);
  }

  private Pickle run(PickleNode root) {
    out.put(Opcode.PROTO);
    out.put(4);
    push(root);
    while (height > 0) {
      advance();
    }
    out.put(Opcode.STOP);
    return out.trim();
  }

  private void push(Object work) {
    if (height == open.length) {
      open = Arrays.copyOf(open, height * 2);
      next = Arrays.copyOf(next, height * 2);
    }
    open[height] = work;
    next[height++] = 0;
  }

  private void advance() {
    int step = next[height - 1]++;
    switch (open[height - 1]) {
      case PickleNode node -> node(node, step);
      case Steps steps -> steps(steps.all(), step);
      case Items items -> items(items, step);
      default -> throw new IllegalStateException("open is " + open[height - 1]);
    }
  }

  /// What is done to the object that was just written.
  private record Steps(List<Step> all) {}

  /// Items that follow an object, and the opcode that puts them into it.
  private record Items(List<PickleNode> all, int opcode) {}

  private void done() {
    open[--height] = Constant.NONE;
  }

  private void node(PickleNode node, int step) {
    if (step == 0 && node instanceof PickleNode.Referable referable && referable.isShared()) {
      Integer index = memo.get(node);
      if (index != null) {
        fetch(index);
        done();
        return;
      }
    }
    switch (node) {
      case Constant constant -> {
        out.put(
            switch (constant) {
              case NONE -> Opcode.NONE;
              case TRUE -> Opcode.NEWTRUE;
              case FALSE -> Opcode.NEWFALSE;
            });
        done();
      }
      case Int(long value) -> {
        integer(value);
        done();
      }
      case BigInt(BigInteger value) -> {
        big(value);
        done();
      }
      case Real(double value) -> {
        out.put(Opcode.BINFLOAT);
        out.putBig(Double.doubleToRawLongBits(value));
        done();
      }
      case TextNode text -> {
        text(text);
        finish(text);
      }
      case BytesNode bytes -> {
        bytes(bytes);
        finish(bytes);
      }
      case GlobalNode global -> global(global, step);
      case TupleNode tuple -> tuple(tuple, step);
      case FrozenSetNode set -> frozenSet(set, step);
      case ListNode list -> container(list, Opcode.EMPTY_LIST, list.content(), Opcode.APPENDS);
      case DictNode dict -> container(dict, Opcode.EMPTY_DICT, dict.content(), Opcode.SETITEMS);
      case SetNode set -> container(set, Opcode.EMPTY_SET, set.content(), Opcode.ADDITEMS);
      case InstanceNode made -> instance(made, step);
      case LaterNode later -> {
        done();
        push(new Steps(later.steps()));
        push(later.target());
      }
    }
  }

  /// The node is complete: it gets its number in the memo.
  private void finish(PickleNode.Referable node) {
    memoize(node);
    done();
  }

  private void memoize(PickleNode.Referable node) {
    if (node.isShared()) {
      int index = memo.size();
      memo.put(node, index);
      if (index < 256) {
        out.put(Opcode.BINPUT);
        out.put(index);
      } else {
        out.put(Opcode.LONG_BINPUT);
        out.putLittle(index, 4);
      }
    }
  }

  private void fetch(int index) {
    if (index < 256) {
      out.put(Opcode.BINGET);
      out.put(index);
    } else {
      out.put(Opcode.LONG_BINGET);
      out.putLittle(index, 4);
    }
  }

  /// Whether a node that cannot be in the memo before its parts are written got there while they
  /// were, because it contains itself by way of something that can change. Then what was written
  /// now is a second copy, which goes off the stack, and the first takes its place.
  private boolean isDouble(PickleNode.Referable node, int parts) {
    Integer index = node.isShared() ? memo.get(node) : null;
    if (index == null) {
      return false;
    }
    if (parts < 0) {
      out.put(Opcode.POP_MARK);
    } else {
      for (int i = 0; i < parts; i++) {
        out.put(Opcode.POP);
      }
    }
    fetch(index);
    done();
    discarded++;
    if (discarded > 10_000 && discarded > memo.size() * (long) MAX_GROWTH) {
      throw new PickleException("tuples that contain themselves in more than 10000 ways");
    }
    return true;
  }

  private void tuple(TupleNode tuple, int step) {
    List<PickleNode> items = tuple.items();
    int count = items.size();
    if (step == 0 && count > 3) {
      out.put(Opcode.MARK);
    }
    if (step < count) {
      push(items.get(step));
    } else if (!isDouble(tuple, count > 3 ? -1 : count)) {
      out.put(
          switch (count) {
            case 0 -> Opcode.EMPTY_TUPLE;
            case 1 -> Opcode.TUPLE1;
            case 2 -> Opcode.TUPLE2;
            case 3 -> Opcode.TUPLE3;
            default -> Opcode.TUPLE;
          });
      finish(tuple);
    }
  }

  private void frozenSet(FrozenSetNode set, int step) {
    if (step == 0) {
      out.put(Opcode.MARK);
    }
    if (step < set.items().size()) {
      push(set.items().get(step));
    } else if (!isDouble(set, -1)) {
      out.put(Opcode.FROZENSET);
      finish(set);
    }
  }

  private void container(
      PickleNode.Referable node, int opcode, List<PickleNode> content, int putIn) {
    out.put(opcode);
    finish(node);
    if (!content.isEmpty()) {
      push(new Items(content, putIn));
    }
  }

  private void items(Items items, int step) {
    int count = items.all().size();
    if (step > 0 && (step % BATCH == 0 || step == count)) {
      out.put(items.opcode());
    }
    if (step == count) {
      done();
      return;
    }
    if (step % BATCH == 0) {
      out.put(Opcode.MARK);
    }
    push(items.all().get(step));
  }

  private void steps(List<Step> all, int step) {
    // Every step takes two turns: its value, then its opcode.
    int index = step / 2;
    boolean before = step % 2 == 0;
    if (index == all.size()) {
      done();
      return;
    }
    switch (all.get(index)) {
      case Step.SetState(PickleNode state) -> {
        if (before) {
          push(state);
        } else {
          out.put(Opcode.BUILD);
        }
      }
      case Step.Perform(PickleNode value) -> {
        if (before) {
          push(value);
        } else {
          out.put(Opcode.POP);
        }
      }
      case Step.Append(List<PickleNode> items) -> put(items, Opcode.APPENDS, before);
      case Step.SetItems(List<PickleNode> entries) -> put(entries, Opcode.SETITEMS, before);
      case Step.AddItems(List<PickleNode> items) -> put(items, Opcode.ADDITEMS, before);
    }
  }

  private void put(List<PickleNode> items, int opcode, boolean before) {
    if (before && !items.isEmpty()) {
      push(new Items(items, opcode));
    }
  }

  private void global(GlobalNode global, int step) {
    if (global.hasOldNames()) {
      // Python translates the names only while it reads protocol 2.
      out.put(Opcode.PROTO);
      out.put(2);
      out.put(Opcode.GLOBAL);
      line(global.module());
      line(global.name());
      out.put(Opcode.PROTO);
      out.put(4);
      finish(global);
      return;
    }
    switch (step) {
      case 0 -> push(global.module());
      case 1 -> push(global.name());
      default -> {
        out.put(Opcode.STACK_GLOBAL);
        finish(global);
      }
    }
  }

  private void line(TextNode text) {
    out.put(text.buffer(), text.offset(), text.length());
    out.put('\n');
  }

  private void instance(InstanceNode made, int step) {
    if (made.making() == Making.OLD_CLASS) {
      oldInstance(made, step);
      return;
    }
    int parts = made.keywords() == null ? 2 : 3;
    if (step < parts) {
      push(
          switch (step) {
            case 0 -> made.callable();
            case 1 -> made.arguments();
            default -> Objects.requireNonNull(made.keywords());
          });
      return;
    }
    if (isDouble(made, parts)) {
      return;
    }
    out.put(
        switch (made.making()) {
          case CALL -> Opcode.REDUCE;
          case NEW -> Opcode.NEWOBJ;
          case NEW_WITH_KEYWORDS -> Opcode.NEWOBJ_EX;
          case OLD_CLASS -> Opcode.OBJ;
        });
    finishInstance(made);
  }

  private void oldInstance(InstanceNode made, int step) {
    List<PickleNode> arguments =
        made.arguments() instanceof TupleNode tuple ? tuple.items() : List.of(made.arguments());
    if (step == 0) {
      out.put(Opcode.MARK);
      push(made.callable());
    } else if (step <= arguments.size()) {
      push(arguments.get(step - 1));
    } else if (!isDouble(made, -1)) {
      out.put(Opcode.OBJ);
      finishInstance(made);
    }
  }

  private void finishInstance(InstanceNode made) {
    finish(made);
    if (!made.steps().isEmpty()) {
      push(new Steps(made.steps()));
    }
  }

  // ---- numbers, text and bytes

  private void integer(long value) {
    if (value >= 0 && value < 1 << 8) {
      out.put(Opcode.BININT1);
      out.put((int) value);
    } else if (value >= 0 && value < 1 << 16) {
      out.put(Opcode.BININT2);
      out.putLittle(value, 2);
    } else if (value == (int) value) {
      out.put(Opcode.BININT);
      out.putLittle(value, 4);
    } else {
      out.put(Opcode.LONG1);
      out.put(8);
      out.putLittle(value, 8);
    }
  }

  private void big(BigInteger value) {
    byte[] bytes = value.toByteArray();
    for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
      byte swap = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = swap;
    }
    if (bytes.length < 256) {
      out.put(Opcode.LONG1);
      out.put(bytes.length);
    } else {
      out.put(Opcode.LONG4);
      out.putLittle(bytes.length, 4);
    }
    out.put(bytes, 0, bytes.length);
  }

  private void text(TextNode text) {
    if (text.length() < 256) {
      out.put(Opcode.SHORT_BINUNICODE);
      out.put(text.length());
    } else {
      out.put(Opcode.BINUNICODE);
      out.putLittle(text.length(), 4);
    }
    out.put(text.buffer(), text.offset(), text.length());
  }

  private void bytes(BytesNode bytes) {
    if (bytes.isMutable()) {
      // Protocol 5's opcode: declared here, because the start may be behind in another piece.
      out.put(Opcode.PROTO);
      out.put(5);
      out.put(Opcode.BYTEARRAY8);
      out.putLittle(bytes.length(), 8);
    } else if (bytes.length() < 256) {
      out.put(Opcode.SHORT_BINBYTES);
      out.put(bytes.length());
    } else {
      out.put(Opcode.BINBYTES);
      out.putLittle(bytes.length(), 4);
    }
    out.put(bytes.buffer(), bytes.offset(), bytes.length());
  }
}
