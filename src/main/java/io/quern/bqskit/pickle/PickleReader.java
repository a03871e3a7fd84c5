package io.quern.bqskit.pickle;

import io.quern.bqskit.pickle.InstanceNode.Making;
import io.quern.bqskit.pickle.PickleNode.Constant;
import io.quern.bqskit.pickle.PickleNode.Int;
import io.quern.bqskit.pickle.PickleNode.Real;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
  /// The depth of a stack entry that was fetched from the memo, not made at its place.
  private static final int FETCHED = -1;

  /// Most numbers of BQSKit's wire are of one byte.
  private static final Int[] SMALL_INTS = new Int[256];

  static {
    for (int i = 0; i < SMALL_INTS.length; i++) {
      SMALL_INTS[i] = new Int(i);
    }
  }

  private final PickleInput in;
  private final PickleLimits limits;

  /// Read so far.
  private int opcodes;

  private int protocol;

  /// The values being put together, and how deep each is nested.
  private @Nullable PickleNode[] stack = new PickleNode[32];

  private int[] depths = new int[32];
  private int height;

  /// Heights of the stack where marks were set.
  private int[] marks = new int[8];

  private int markCount;
  private @Nullable PickleNode[] memo = new PickleNode[32];
  private int memoCount;

  private PickleReader(byte[] frame, int offset, int length, PickleLimits limits) {
    in = new PickleInput(frame, offset, length);
    this.limits = limits;
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
    if (height != 1 || markCount != 0) {
      throw in.refuse("expected one value, found " + height + " and " + markCount + " open marks");
    }
    if (in.left() > 0) {
      throw in.refuse(in.left() + " bytes follow it");
    }
    return pop();
  }

  private void step(int opcode) {
    switch (opcode) {
      case Opcode.PROTO -> protocol();
      case Opcode.FRAME -> frame();
      case Opcode.MARK -> mark();
      case Opcode.POP -> drop();
      case Opcode.POP_MARK -> dropToMark();
      case Opcode.DUP -> push(reference(top()), FETCHED);
      case Opcode.NONE -> push(Constant.NONE, 0);
      case Opcode.NEWTRUE -> push(Constant.TRUE, 0);
      case Opcode.NEWFALSE -> push(Constant.FALSE, 0);
      case Opcode.BININT -> push(new Int((int) in.readLittle(4)), 0);
      case Opcode.BININT1 -> push(SMALL_INTS[in.readByte()], 0);
      case Opcode.BININT2 -> push(new Int(in.readLittle(2)), 0);
      case Opcode.LONG1 -> push(in.number(in.readByte()), 0);
      case Opcode.LONG4 -> push(in.number(in.readLength(4)), 0);
      case Opcode.INT -> push(in.textInt(in.readLine()), 0);
      case Opcode.LONG -> push(in.textLong(in.readLine()), 0);
      case Opcode.FLOAT -> push(in.textFloat(in.readLine()), 0);
      case Opcode.BINFLOAT -> push(new Real(Double.longBitsToDouble(in.readBig())), 0);
      case Opcode.SHORT_BINUNICODE -> push(in.text(in.readByte()), 0);
      case Opcode.BINUNICODE -> push(in.text(in.readLength(4)), 0);
      case Opcode.BINUNICODE8 -> push(in.text(in.readLength(8)), 0);
      case Opcode.SHORT_BINSTRING -> push(in.ascii(in.readByte()), 0);
      case Opcode.BINSTRING -> push(in.ascii(in.readLength(4)), 0);
      case Opcode.SHORT_BINBYTES -> push(in.bytes(in.readByte(), false), 0);
      case Opcode.BINBYTES -> push(in.bytes(in.readLength(4), false), 0);
      case Opcode.BINBYTES8 -> push(in.bytes(in.readLength(8), false), 0);
      case Opcode.BYTEARRAY8 -> push(in.bytes(in.readLength(8), true), 0);
      case Opcode.EMPTY_TUPLE -> push(new TupleNode(new NodeList()), 1);
      case Opcode.TUPLE1 -> tuple(height - 1);
      case Opcode.TUPLE2 -> tuple(height - 2);
      case Opcode.TUPLE3 -> tuple(height - 3);
      case Opcode.TUPLE -> tuple(popMark());
      case Opcode.EMPTY_LIST -> push(new ListNode(), 1);
      case Opcode.LIST -> list(popMark());
      case Opcode.EMPTY_DICT -> push(new DictNode(), 1);
      case Opcode.DICT -> dict(popMark());
      case Opcode.EMPTY_SET -> push(new SetNode(), 1);
      case Opcode.FROZENSET -> frozenSet(popMark());
      case Opcode.APPEND -> append(height - 1);
      case Opcode.APPENDS -> append(popMark());
      case Opcode.SETITEM -> setItems(height - 2);
      case Opcode.SETITEMS -> setItems(popMark());
      case Opcode.ADDITEMS -> addItems(popMark());
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
      case Opcode.MEMOIZE -> store(memoCount);
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

  // ---- the stack

  private void push(PickleNode node, int depth) {
    if (depth > limits.maxDepth()) {
      throw in.refuse("values nested more than " + limits.maxDepth() + " deep");
    }
    if (height == stack.length) {
      stack = Arrays.copyOf(stack, height + (height >> 1));
      depths = Arrays.copyOf(depths, stack.length);
    }
    stack[height] = node;
    depths[height++] = depth;
  }

  private int floor() {
    return markCount == 0 ? 0 : marks[markCount - 1];
  }

  private PickleNode pop() {
    if (height <= floor()) {
      throw in.refuse("nothing is on the stack");
    }
    PickleNode node = at(--height);
    stack[height] = null;
    return node;
  }

  private PickleNode top() {
    if (height <= floor()) {
      throw in.refuse("nothing is on the stack");
    }
    return at(height - 1);
  }

  private PickleNode at(int index) {
    PickleNode node = stack[index];
    if (node == null) {
      throw new IllegalStateException("nothing at " + index + " of " + height);
    }
    return node;
  }

  private void mark() {
    if (markCount == limits.maxDepth()) {
      throw in.refuse("values nested more than " + limits.maxDepth() + " deep");
    }
    if (markCount == marks.length) {
      marks = Arrays.copyOf(marks, markCount * 2);
    }
    marks[markCount++] = height;
  }

  private int popMark() {
    if (markCount == 0) {
      throw in.refuse("no mark is on the stack");
    }
    return marks[--markCount];
  }

  /// Takes what lies above `from` off the stack; what is left on top is a container's.
  private NodeList take(int from) {
    if (from < floor()) {
      throw in.refuse("nothing is on the stack");
    }
    @SuppressWarnings("NullAway") // below the height, the stack has no holes
    NodeList items = new NodeList(stack, from, height);
    discard(from);
    return items;
  }

  private void discard(int from) {
    Arrays.fill(stack, from, height, null);
    height = from;
  }

  /// One more than the deepest entry above `from`.
  private int around(int from) {
    int deepest = 0;
    for (int i = Math.max(from, 0); i < height; i++) {
      deepest = Math.max(deepest, depths[i]);
    }
    return deepest + 1;
  }

  private void drop() {
    if (height == floor() && markCount > 0) {
      // Python's unpickler takes off a mark this way, too.
      markCount--;
      return;
    }
    int depth = depths[Math.max(height - 1, 0)];
    dropped(pop(), depth);
  }

  private void dropToMark() {
    int from = popMark();
    while (height > from) {
      int depth = depths[height - 1];
      dropped(pop(), depth);
    }
  }

  /// A value is dropped. What was made only for its effect is done at this place after whatever is
  /// on top now; anything else was a second copy of something the memo has.
  private void dropped(PickleNode node, int depth) {
    boolean effect =
        node instanceof LaterNode || (node instanceof InstanceNode made && !made.hasNumber());
    if (!effect || depth == FETCHED) {
      return;
    }
    if (height <= floor()) {
      throw in.refuse("an object made for its effect alone, with nothing before it");
    }
    change(new Step.Perform(node), depth + 1);
  }

  /// The entry on top gets deeper by what was put into it.
  private void raise(int depth) {
    if (depth > limits.maxDepth()) {
      throw in.refuse("values nested more than " + limits.maxDepth() + " deep");
    }
    depths[height - 1] = Math.max(depths[height - 1], depth);
  }

  /// Does something to the object on top of the stack, which makes it so deep.
  private void change(Step step, int depth) {
    PickleNode node = top();
    if (node instanceof LaterNode later) {
      later.add(step);
    } else if (node instanceof InstanceNode made && depths[height - 1] != FETCHED) {
      made.add(step);
    } else {
      // The new node is at this place only, so more can be done to it here.
      LaterNode later = new LaterNode(node);
      later.add(step);
      stack[height - 1] = later;
    }
    raise(depth);
  }

  // ---- the memo

  private static PickleNode reference(PickleNode node) {
    PickleNode target = node instanceof LaterNode later ? later.target() : node;
    if (target instanceof PickleNode.Referable referable) {
      referable.share();
    }
    return target;
  }

  private void store(long index) {
    PickleNode node = top();
    PickleNode target = node instanceof LaterNode later ? later.target() : node;
    if (index > opcodes) {
      // An honest memo has no more entries than there were opcodes; it takes memory up to its
      // index.
      throw in.refuse("memo index " + index + " within the first " + opcodes + " opcodes");
    }
    int at = (int) index;
    if (at >= memo.length) {
      memo = Arrays.copyOf(memo, Math.max(at + 1, memo.length + (memo.length >> 1)));
    }
    if (memo[at] == null) {
      memoCount++;
    }
    memo[at] = target;
    if (target instanceof PickleNode.Referable referable) {
      referable.giveNumber();
    }
  }

  private void fetch(long index) {
    PickleNode node = index < memo.length ? memo[(int) index] : null;
    if (node == null) {
      throw in.refuse("nothing is in the memo under " + index);
    }
    push(reference(node), FETCHED);
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
    int depth = around(from);
    push(new TupleNode(take(from)), depth);
  }

  private void frozenSet(int from) {
    int depth = around(from);
    push(new FrozenSetNode(take(from)), depth);
  }

  private void list(int from) {
    int depth = around(from);
    ListNode list = new ListNode();
    list.content().append(nonNull(stack), from, height);
    discard(from);
    push(list, depth);
  }

  private void dict(int from) {
    int depth = around(from);
    requirePairs(from);
    DictNode dict = new DictNode();
    dict.content().append(nonNull(stack), from, height);
    discard(from);
    push(dict, depth);
  }

  private void append(int from) {
    int depth = requireTarget(from);
    if (at(from - 1) instanceof ListNode list && depths[from - 1] != FETCHED) {
      list.content().append(nonNull(stack), from, height);
      discard(from);
      raise(depth);
    } else {
      NodeList items = take(from);
      change(new Step.Append(items), depth);
    }
  }

  private void setItems(int from) {
    int depth = requireTarget(from);
    requirePairs(from);
    if (at(from - 1) instanceof DictNode dict && depths[from - 1] != FETCHED) {
      dict.content().append(nonNull(stack), from, height);
      discard(from);
      raise(depth);
    } else {
      NodeList entries = take(from);
      change(new Step.SetItems(entries), depth);
    }
  }

  private void addItems(int from) {
    int depth = requireTarget(from);
    if (at(from - 1) instanceof SetNode set && depths[from - 1] != FETCHED) {
      set.content().append(nonNull(stack), from, height);
      discard(from);
      raise(depth);
    } else {
      NodeList items = take(from);
      change(new Step.AddItems(items), depth);
    }
  }

  /// There is an object below `from` to put things into; returns how deep that makes it.
  private int requireTarget(int from) {
    if (from - 1 < floor() || from > height) {
      throw in.refuse("no object is below what is put into it");
    }
    return around(from);
  }

  private void requirePairs(int from) {
    if ((height - from) % 2 != 0) {
      throw in.refuse("expected keys and values in turn, found " + (height - from) + " items");
    }
  }

  @SuppressWarnings("NullAway") // below the height, the stack has no holes
  private static PickleNode[] nonNull(@Nullable PickleNode[] stack) {
    return stack;
  }

  // ---- names and objects

  private void global() {
    TextNode module = in.lineNode();
    TextNode name = in.lineNode();
    push(new GlobalNode(module, name, protocol < 3), 0);
  }

  private void stackGlobal() {
    PickleNode name = pop();
    PickleNode module = pop();
    if (!(name instanceof TextNode nameText) || !(module instanceof TextNode moduleText)) {
      throw in.refuse("expected two texts, found " + module + " and " + name);
    }
    push(new GlobalNode(moduleText, nameText, protocol < 3), 0);
  }

  private void make(Making making) {
    int depth = around(height - 2);
    PickleNode arguments = pop();
    PickleNode callable = pop();
    push(new InstanceNode(making, callable, arguments, null), depth);
  }

  private void makeWithKeywords() {
    int depth = around(height - 3);
    PickleNode keywords = pop();
    PickleNode arguments = pop();
    PickleNode cls = pop();
    push(new InstanceNode(Making.NEW_WITH_KEYWORDS, cls, arguments, keywords), depth);
  }

  private void oldObject() {
    int from = popMark();
    if (height == from) {
      throw in.refuse("expected a class, found nothing");
    }
    int depth = around(from) + 1;
    TupleNode arguments = new TupleNode(take(from + 1));
    push(new InstanceNode(Making.OLD_CLASS, pop(), arguments, null), depth);
  }

  private void oldInstance() {
    int from = popMark();
    int depth = around(from) + 1;
    TupleNode arguments = new TupleNode(take(from));
    GlobalNode cls = new GlobalNode(in.lineNode(), in.lineNode(), protocol < 3);
    push(new InstanceNode(Making.OLD_CLASS, cls, arguments, null), depth);
  }

  private void build() {
    int depth = requireTarget(height - 1);
    PickleNode state = pop();
    change(new Step.SetState(state), depth);
  }
}
