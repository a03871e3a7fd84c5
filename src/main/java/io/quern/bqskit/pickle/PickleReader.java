package io.quern.bqskit.pickle;

import io.quern.bqskit.pickle.InstanceNode.Making;
import io.quern.bqskit.pickle.PickleNode.Constant;
import io.quern.bqskit.pickle.PickleNode.Int;
import io.quern.bqskit.pickle.PickleNode.Real;

/// Reads a pickle into a tree of [PickleNode]s: the machine of Python's unpickler, except that
/// classes and functions stay names and calls stay calls.
///
/// Protocols 2 to 5. Whatever the bytes are, it ends with a tree or a [PickleException], without
/// recursion, and takes memory in proportion to the opcodes read, which is added up. Refused,
/// beside what is malformed: PERSID and EXT (they name what only the sender has), out-of-band
/// buffers, and protocols 0 and 1. Long strings are slices of the frame, so the frame must not
/// change.
///
/// **Order of changes.** What is done to an object right after it was made is part of its node.
/// What is done to it when it is fetched from the memo again is a [LaterNode] at that place,
/// because objects that refer to each other in a circle can only be made in that order.
///
/// Source: CPython 3.11, `Lib/pickle.py` and `Lib/pickletools.py`.
public final class PickleReader {
  /// Most numbers of BQSKit's wire are of one byte.
  private static final Int[] SMALL_INTS = new Int[256];

  static {
    for (int i = 0; i < SMALL_INTS.length; i++) {
      SMALL_INTS[i] = new Int(i);
    }
  }

  private final PickleInput in;
  private final PickleLimits limits;
  private final PickleStack stack;
  private final PickleMemo memo;

  /// Read so far.
  private int opcodes;

  private int protocol;

  private PickleReader(byte[] frame, int offset, int length, PickleLimits limits) {
    in = new PickleInput(frame, offset, length);
    this.limits = limits;
    stack = new PickleStack(in, limits.maxDepth());
    memo = new PickleMemo(in);
  }

  /// The value a pickle stands for.
  ///
  /// @throws PickleException if it is malformed or goes beyond the limits
  public static PickleNode read(byte[] frame, PickleLimits limits) {
    return read(frame, 0, frame.length, limits);
  }

  /// The value a pickle within an array stands for.
  public static PickleNode read(byte[] frame, int offset, int length, PickleLimits limits) {
    return new PickleReader(frame, offset, length, limits).run();
  }

  private PickleNode run() {
    in.requireStart();
    long left = limits.maxBytes();
    while (true) {
      int opcode = in.readOpcode();
      if (opcode == Opcode.STOP) {
        return stop();
      }
      left -= Opcode.cost(opcode);
      if (left < 0) {
        throw in.refuse("its values take more than " + limits.maxBytes() + " bytes of memory");
      }
      opcodes++;
      step(opcode);
    }
  }

  private PickleNode stop() {
    PickleNode value = stack.last();
    if (in.left() > 0) {
      throw in.refuse(in.left() + " bytes follow it");
    }
    return value;
  }

  private void step(int opcode) {
    switch (opcode) {
      case Opcode.PROTO -> protocol();
      case Opcode.FRAME -> frame();
      case Opcode.MARK -> stack.mark();
      case Opcode.POP -> drop();
      case Opcode.POP_MARK -> dropToMark();
      case Opcode.DUP -> stack.push(reference(stack.top()), PickleStack.FETCHED);
      case Opcode.NONE -> stack.push(Constant.NONE, 0);
      case Opcode.NEWTRUE -> stack.push(Constant.TRUE, 0);
      case Opcode.NEWFALSE -> stack.push(Constant.FALSE, 0);
      case Opcode.BININT -> stack.push(new Int((int) in.readLittle(4)), 0);
      case Opcode.BININT1 -> stack.push(SMALL_INTS[in.readByte()], 0);
      case Opcode.BININT2 -> stack.push(new Int(in.readLittle(2)), 0);
      case Opcode.LONG1 -> stack.push(in.number(in.readByte()), 0);
      case Opcode.LONG4 -> stack.push(in.number(in.readLength(4)), 0);
      case Opcode.INT -> stack.push(in.textInt(in.readLine()), 0);
      case Opcode.LONG -> stack.push(in.textLong(in.readLine()), 0);
      case Opcode.FLOAT -> stack.push(in.textFloat(in.readLine()), 0);
      case Opcode.BINFLOAT -> stack.push(new Real(Double.longBitsToDouble(in.readBig())), 0);
      case Opcode.SHORT_BINUNICODE -> stack.push(in.text(in.readByte()), 0);
      case Opcode.BINUNICODE -> stack.push(in.text(in.readLength(4)), 0);
      case Opcode.BINUNICODE8 -> stack.push(in.text(in.readLength(8)), 0);
      case Opcode.SHORT_BINSTRING -> stack.push(in.ascii(in.readByte()), 0);
      case Opcode.BINSTRING -> stack.push(in.ascii(in.readLength(4)), 0);
      case Opcode.SHORT_BINBYTES -> stack.push(in.bytes(in.readByte(), false), 0);
      case Opcode.BINBYTES -> stack.push(in.bytes(in.readLength(4), false), 0);
      case Opcode.BINBYTES8 -> stack.push(in.bytes(in.readLength(8), false), 0);
      case Opcode.BYTEARRAY8 -> stack.push(in.bytes(in.readLength(8), true), 0);
      case Opcode.EMPTY_TUPLE -> stack.push(new TupleNode(new NodeList()), 1);
      case Opcode.TUPLE1 -> tuple(stack.height() - 1);
      case Opcode.TUPLE2 -> tuple(stack.height() - 2);
      case Opcode.TUPLE3 -> tuple(stack.height() - 3);
      case Opcode.TUPLE -> tuple(stack.popMark());
      case Opcode.EMPTY_LIST -> stack.push(new ListNode(), 1);
      case Opcode.LIST -> list(stack.popMark());
      case Opcode.EMPTY_DICT -> stack.push(new DictNode(), 1);
      case Opcode.DICT -> dict(stack.popMark());
      case Opcode.EMPTY_SET -> stack.push(new SetNode(), 1);
      case Opcode.FROZENSET -> frozenSet(stack.popMark());
      case Opcode.APPEND -> append(stack.height() - 1);
      case Opcode.APPENDS -> append(stack.popMark());
      case Opcode.SETITEM -> setItems(stack.height() - 2);
      case Opcode.SETITEMS -> setItems(stack.popMark());
      case Opcode.ADDITEMS -> addItems(stack.popMark());
      case Opcode.GLOBAL -> global();
      case Opcode.STACK_GLOBAL -> stackGlobal();
      case Opcode.REDUCE -> make(Making.CALL);
      case Opcode.NEWOBJ -> make(Making.NEW);
      case Opcode.NEWOBJ_EX -> makeWithKeywords();
      case Opcode.OBJ -> oldObject();
      case Opcode.INST -> oldInstance();
      case Opcode.BUILD -> build();
      case Opcode.BINGET -> fetch(in.readByte());
      case Opcode.LONG_BINGET -> fetch(in.readLittle(4));
      case Opcode.GET -> fetch(textIndex());
      case Opcode.BINPUT -> store(in.readByte());
      case Opcode.LONG_BINPUT -> store(in.readLittle(4));
      case Opcode.PUT -> store(textIndex());
      case Opcode.MEMOIZE -> store(memo.count());
      case Opcode.PERSID, Opcode.BINPERSID ->
          throw in.refuse("persistent ids name what only their sender has");
      case Opcode.EXT1, Opcode.EXT2, Opcode.EXT4 ->
          throw in.refuse("extension codes name what only their sender has registered");
      case Opcode.NEXT_BUFFER, Opcode.READONLY_BUFFER ->
          throw in.refuse("out-of-band buffers do not come over this wire");
      case Opcode.STRING, Opcode.UNICODE -> throw in.refuse("text of protocol 0");
      default -> throw in.refuse("not an opcode of protocols 2 to 5");
    }
  }

  private void protocol() {
    protocol = in.readByte();
    if (protocol < 2 || protocol > 5) {
      throw in.refuse("expected protocol 2 to 5, found " + protocol);
    }
  }

  private void frame() {
    in.readLength(8);
  }

  // ---- what is dropped, changed, and referred to again

  private void drop() {
    // Python's unpickler takes off a mark this way, too.
    if (!stack.dropMark()) {
      int depth = stack.topDepth();
      dropped(stack.pop(), depth);
    }
  }

  private void dropToMark() {
    int from = stack.popMark();
    while (stack.height() > from) {
      int depth = stack.topDepth();
      dropped(stack.pop(), depth);
    }
  }

  /// A value is dropped. What was made only for its effect is done at this place after whatever is
  /// on top now; anything else was a second copy of something the memo has.
  private void dropped(PickleNode node, int depth) {
    boolean effect =
        node instanceof LaterNode || (node instanceof InstanceNode made && !made.hasNumber());
    if (!effect || depth == PickleStack.FETCHED) {
      return;
    }
    if (stack.isEmptyAboveMark()) {
      throw in.refuse("an object made for its effect alone, with nothing before it");
    }
    change(new Step.Perform(node), depth + 1);
  }

  /// Does something to the object on top of the stack, which makes it so deep.
  private void change(Step step, int depth) {
    PickleNode node = stack.top();
    if (node instanceof LaterNode later) {
      later.add(step);
    } else if (node instanceof InstanceNode made && stack.topDepth() != PickleStack.FETCHED) {
      made.add(step);
    } else {
      // The new node is at this place only, so more can be done to it here.
      LaterNode later = new LaterNode(node);
      later.add(step);
      stack.replaceTop(later);
    }
    stack.raise(depth);
  }

  private static PickleNode target(PickleNode node) {
    return node instanceof LaterNode later ? later.target() : node;
  }

  private static PickleNode reference(PickleNode node) {
    PickleNode target = target(node);
    if (target instanceof PickleNode.Referable referable) {
      referable.share();
    }
    return target;
  }

  private void store(long index) {
    PickleNode target = target(stack.top());
    memo.store(index, target, opcodes);
    if (target instanceof PickleNode.Referable referable) {
      referable.giveNumber();
    }
  }

  private void fetch(long index) {
    stack.push(reference(memo.fetch(index)), PickleStack.FETCHED);
  }

  private long textIndex() {
    String line = in.readLine();
    if (line.isEmpty() || line.length() > 10 || !line.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw in.refuse("expected a memo index, found '" + line + "'");
    }
    return Long.parseLong(line);
  }

  // ---- containers

  private void tuple(int from) {
    int depth = stack.around(from);
    stack.push(new TupleNode(stack.take(from)), depth);
  }

  private void frozenSet(int from) {
    int depth = stack.around(from);
    stack.push(new FrozenSetNode(stack.take(from)), depth);
  }

  private void list(int from) {
    int depth = stack.around(from);
    ListNode list = new ListNode();
    stack.moveInto(list.content(), from);
    stack.push(list, depth);
  }

  private void dict(int from) {
    int depth = stack.around(from);
    stack.requirePairs(from);
    DictNode dict = new DictNode();
    stack.moveInto(dict.content(), from);
    stack.push(dict, depth);
  }

  private void append(int from) {
    int depth = stack.requireTarget(from);
    if (stack.madeBelow(from) instanceof ListNode list) {
      stack.moveInto(list.content(), from);
      stack.raise(depth);
    } else {
      NodeList items = stack.take(from);
      change(new Step.Append(items), depth);
    }
  }

  private void setItems(int from) {
    int depth = stack.requireTarget(from);
    stack.requirePairs(from);
    if (stack.madeBelow(from) instanceof DictNode dict) {
      stack.moveInto(dict.content(), from);
      stack.raise(depth);
    } else {
      NodeList entries = stack.take(from);
      change(new Step.SetItems(entries), depth);
    }
  }

  private void addItems(int from) {
    int depth = stack.requireTarget(from);
    if (stack.madeBelow(from) instanceof SetNode set) {
      stack.moveInto(set.content(), from);
      stack.raise(depth);
    } else {
      NodeList items = stack.take(from);
      change(new Step.AddItems(items), depth);
    }
  }

  // ---- names and objects

  private void global() {
    TextNode module = in.lineNode();
    TextNode name = in.lineNode();
    stack.push(new GlobalNode(module, name, protocol < 3), 0);
  }

  private void stackGlobal() {
    PickleNode name = stack.pop();
    PickleNode module = stack.pop();
    if (!(name instanceof TextNode nameText) || !(module instanceof TextNode moduleText)) {
      throw in.refuse("expected two texts, found " + module + " and " + name);
    }
    stack.push(new GlobalNode(moduleText, nameText, protocol < 3), 0);
  }

  private void make(Making making) {
    int depth = stack.around(stack.height() - 2);
    PickleNode arguments = stack.pop();
    PickleNode callable = stack.pop();
    stack.push(new InstanceNode(making, callable, arguments, null), depth);
  }

  private void makeWithKeywords() {
    int depth = stack.around(stack.height() - 3);
    PickleNode keywords = stack.pop();
    PickleNode arguments = stack.pop();
    PickleNode cls = stack.pop();
    stack.push(new InstanceNode(Making.NEW_WITH_KEYWORDS, cls, arguments, keywords), depth);
  }

  private void oldObject() {
    int from = stack.popMark();
    if (stack.height() == from) {
      throw in.refuse("expected a class, found nothing");
    }
    int depth = stack.around(from) + 1;
    TupleNode arguments = new TupleNode(stack.take(from + 1));
    stack.push(new InstanceNode(Making.OLD_CLASS, stack.pop(), arguments, null), depth);
  }

  private void oldInstance() {
    int from = stack.popMark();
    int depth = stack.around(from) + 1;
    TupleNode arguments = new TupleNode(stack.take(from));
    GlobalNode cls = new GlobalNode(in.lineNode(), in.lineNode(), protocol < 3);
    stack.push(new InstanceNode(Making.OLD_CLASS, cls, arguments, null), depth);
  }

  private void build() {
    int depth = stack.requireTarget(stack.height() - 1);
    PickleNode state = stack.pop();
    change(new Step.SetState(state), depth);
  }
}
