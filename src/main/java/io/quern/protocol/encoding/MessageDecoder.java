package io.quern.protocol.encoding;

import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.failure.ErrorCode;
import io.quern.protocol.Breadcrumbs;
import io.quern.protocol.CompilationContext;
import io.quern.protocol.EncodedValue;
import io.quern.protocol.Failure;
import io.quern.protocol.IdBlock;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.DeathCount;
import io.quern.task.KeptWork;
import io.quern.task.Scheduling;
import io.quern.task.TaskId;
import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads the frames of one link. Whatever the bytes are, it hears messages or throws
/// [MalformedFrameException].
///
/// Arguments and results stay encoded until they are used, except the results of compilations,
/// which the server reads. Not thread-safe.
public final class MessageDecoder {
  private static final int HELLO = field(1);
  private static final int MESSAGE = field(3);
  private static final int CHUNK = field(4);

  /// Slots that one node, with those below it, may have.
  private static final int MOST_SLOTS = 1 << 20;

  private final FunctionRegistry functions;
  private final int maxPayload;
  private final Consumer<Message> messages;
  private @Nullable ByteArrayOutputStream chunks;

  /// @param maxPayload most bytes that chunks may add up to
  public MessageDecoder(FunctionRegistry functions, int maxPayload, Consumer<Message> messages) {
    this.functions = functions;
    this.maxPayload = maxPayload;
    this.messages = messages;
  }

  static int field(int number) {
    return number << 3 | WireWriter.LENGTH;
  }

  /// Reads one frame.
  ///
  /// @throws MalformedFrameException if it is none
  public void read(byte[] frame) {
    read(frame, false);
  }

  /// @param isWhole whether the frame came in chunks, and so may hold none
  private void read(byte[] frame, boolean isWhole) {
    try {
      WireReader in = new WireReader(frame);
      while (in.hasMore()) {
        int tag = in.tag();
        if (tag == MESSAGE) {
          if (chunks != null) {
            throw new MalformedFrameException("a message came between chunks");
          }
          message(in.nested());
        } else if (tag == CHUNK && !isWhole) {
          chunk(in.nested());
        } else if (tag == HELLO) {
          throw new MalformedFrameException("a second hello");
        } else {
          in.skip(tag);
        }
      }
    } catch (IllegalArgumentException | IllegalStateException | DateTimeException e) {
      throw new MalformedFrameException("a message that cannot be: " + e.getMessage(), e);
    }
  }

  private void chunk(WireReader in) {
    ByteArrayOutputStream collected = chunks;
    if (collected == null) {
      collected = new ByteArrayOutputStream();
      chunks = collected;
    }
    boolean isLast = false;
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == field(1)) {
        byte[] data = in.rawBytes();
        // The sender's limit is of one message, and the one before may share its frame.
        if ((long) collected.size() + data.length > 2L * maxPayload) {
          throw new MalformedFrameException("chunks of more than " + 2L * maxPayload + " bytes");
        }
        collected.writeBytes(data);
      } else if (tag == 2 << 3) {
        isLast = in.rawVarint() != 0;
      } else {
        in.skip(tag);
      }
    }
    if (isLast) {
      chunks = null;
      read(collected.toByteArray(), true);
    }
  }

  private void message(WireReader in) {
    while (in.hasMore()) {
      int tag = in.tag();
      if ((tag & 7) != WireWriter.LENGTH) {
        in.skip(tag);
        continue;
      }
      WireReader body = in.nested();
      switch (tag >>> 3) {
        case 1 -> connect(body);
        case 2 -> messages.accept(new Message.Started(slots(number(body))));
        case 3 -> submit(body);
        case 4 -> results(body);
        case 5 -> error(body);
        case 6 -> log(body);
        case 7 -> progress(body);
        case 8 -> cancel(body);
        case 9 -> messages.accept(new Message.Ack(number(body)));
        case 10 -> waiting(body);
        case 11 -> update(body);
        case 12 -> messages.accept(new Message.Shutdown());
        case 13 -> messages.accept(new Message.MoreIds());
        case 14 -> backlog(body);
        case 15 -> messages.accept(new Message.Credit(toInt(number(body))));
        case 16 -> messages.accept(new Message.Drain(runs(body)));
        case 26 -> messages.accept(new Message.Recall(runs(body)));
        case 27 -> messages.accept(new Message.Recalled(runs(body)));
        case 25 -> executing(body);
        case 17 -> lost(body);
        case 18 -> messages.accept(RecoveryDecoder.checkpoint(body));
        case 19 -> messages.accept(RecoveryDecoder.blockDone(body));
        case 20 -> messages.accept(RecoveryDecoder.inventory(body, this));
        case 21 -> messages.accept(RecoveryDecoder.attached(body));
        case 22 -> messages.accept(RecoveryDecoder.openSubmits(body, this));
        case 23 -> messages.accept(new Message.Taken(toInt(number(body))));
        case 30 -> messages.accept(RosterCodec.read(body));
        default -> {}
      }
    }
  }

  static int toInt(long value) {
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new MalformedFrameException("expected a count, found " + value);
    }
    return (int) value;
  }

  /// Sums over all links of a process must fit too.
  private static int slots(long value) {
    if (value < 0 || value > MOST_SLOTS) {
      throw new MalformedFrameException(
          "expected at most " + MOST_SLOTS + " slots of one node, found " + value);
    }
    return (int) value;
  }

  private static int signed(WireReader in) {
    return Math.toIntExact(clampToInt(in.rawZigzag()));
  }

  private static long clampToInt(long value) {
    if (value != (int) value) {
      throw new MalformedFrameException("expected 32 bits, found " + value);
    }
    return value;
  }

  /// The first field of a message that has no other.
  private static long number(WireReader in) {
    long value = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == 1 << 3) {
        value = in.rawVarint();
      } else {
        in.skip(tag);
      }
    }
    return value;
  }

  private static String text(WireReader in) {
    String value = "";
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == field(1)) {
        value = in.rawString();
      } else {
        in.skip(tag);
      }
    }
    return value;
  }

  static RuntimeTaskId run(WireReader in) {
    long worker = 0;
    long mailbox = 0;
    int slot = 0;
    int attempt = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> worker = in.rawZigzag();
        case 2 << 3 -> mailbox = in.rawZigzag();
        case 3 << 3 -> slot = signed(in);
        case 4 << 3 -> attempt = toInt(in.rawVarint());
        default -> in.skip(tag);
      }
    }
    return new RuntimeTaskId(new RuntimeAddress(worker, mailbox, slot), attempt);
  }

  static RuntimeTaskId required(@Nullable RuntimeTaskId id) {
    if (id == null) {
      throw new MalformedFrameException("a message names no task");
    }
    return id;
  }

  private void connect(WireReader in) {
    messages.accept(new Message.Connect(ids(in)));
  }

  static IdBlock ids(WireReader in) {
    long lower = 0;
    long upper = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> lower = in.rawZigzag();
        case 2 << 3 -> upper = in.rawZigzag();
        default -> in.skip(tag);
      }
    }
    return new IdBlock(lower, upper);
  }

  private void submit(WireReader in) {
    List<RuntimeTask> tasks = new ArrayList<>();
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == field(1)) {
        group(in.nested(), tasks);
      } else {
        in.skip(tag);
      }
    }
    messages.accept(
        tasks.size() == 1 ? new Message.Submit(tasks.getFirst()) : new Message.SubmitBatch(tasks));
  }

  /// Reads tasks that have much in common.
  void group(WireReader in, List<RuntimeTask> tasks) {
    List<RuntimeTaskId> ancestors = new ArrayList<>();
    CompilationContext compilation = null;
    String name = "";
    int version = 0;
    long worker = 0;
    long mailbox = 0;
    Breadcrumbs breadcrumbs = null;
    RuntimeFunction<?, ?> function = null;
    FunctionRegistry.Entry entry = null;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | WireWriter.LENGTH -> ancestors.add(run(in.nested()));
        case 2 << 3 | WireWriter.LENGTH -> compilation = context(in.nested());
        case 3 << 3 | WireWriter.LENGTH -> name = in.rawString();
        case 4 << 3 -> version = in.rawInt();
        case 5 << 3 -> worker = in.rawZigzag();
        case 6 << 3 -> mailbox = in.rawZigzag();
        case 7 << 3 | WireWriter.LENGTH -> {
          // What the tasks share stands before them.
          if (breadcrumbs == null || function == null) {
            if (ancestors.size() > Breadcrumbs.MAX_DEPTH) {
              throw new MalformedFrameException(ancestors.size() + " ancestors");
            }
            breadcrumbs = ancestors.isEmpty() ? Breadcrumbs.NONE : new Breadcrumbs(ancestors);
            entry = functions.find(name);
            function =
                entry == null || entry.function().version() != version
                    ? new UnknownFunction(name, version)
                    : entry.function();
          }
          if (compilation == null) {
            throw new MalformedFrameException("a task belongs to no compilation");
          }
          tasks.add(task(in.nested(), worker, mailbox, breadcrumbs, compilation, function, entry));
        }
        default -> in.skip(tag);
      }
    }
  }

  private static RuntimeTask task(
      WireReader in,
      long worker,
      long mailbox,
      Breadcrumbs breadcrumbs,
      CompilationContext compilation,
      RuntimeFunction<?, ?> function,
      FunctionRegistry.@Nullable Entry entry) {
    int slot = 0;
    int attempt = 0;
    byte[] argument = {};
    KeptWork kept = KeptWork.NOTHING;
    int deaths = 0;
    int deathsAlone = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> slot = signed(in);
        case 2 << 3 -> attempt = toInt(in.rawVarint());
        case 3 << 3 | WireWriter.LENGTH -> argument = in.rawBytes();
        case 4 << 3 | WireWriter.LENGTH -> kept = RecoveryDecoder.kept(in.nested());
        case 5 << 3 -> deaths = toInt(in.rawVarint());
        case 6 << 3 -> deathsAlone = toInt(in.rawVarint());
        default -> in.skip(tag);
      }
    }
    RuntimeTaskId id = new RuntimeTaskId(new RuntimeAddress(worker, mailbox, slot), attempt);
    Object value =
        entry == null
            ? new EncodedValue(argument, MessageDecoder::unreadable)
            : new EncodedValue(argument, entry.argument()::fromBytes);
    if (deathsAlone > deaths) {
      throw new MalformedFrameException("more deaths alone than deaths");
    }
    DeathCount counted = deaths == 0 ? DeathCount.NONE : new DeathCount(deaths, deathsAlone);
    return new RuntimeTask(id, breadcrumbs, compilation, function, value, kept, counted);
  }

  private static Object unreadable(byte[] bytes) {
    throw new MalformedFrameException(
        "this node does not know the form of " + bytes.length + " bytes");
  }

  private static CompilationContext context(WireReader in) {
    RuntimeTaskId root = null;
    long high = 0;
    long low = 0;
    String tenant = "";
    LogLevel level = LogLevel.DEBUG;
    int depth = 0;
    Instant deadline = null;
    int priority = Scheduling.DEFAULT.priority();
    List<String> requires = new ArrayList<>(0);
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | WireWriter.LENGTH -> root = run(in.nested());
        case 2 << 3 | WireWriter.LENGTH -> tenant = in.rawString();
        case 3 << 3 -> level = level(in.rawInt());
        case 4 << 3 -> depth = signed(in);
        case 5 << 3 | WireWriter.LENGTH -> deadline = deadline(in.nested());
        case 6 << 3 | WireWriter.FIXED64 -> high = in.rawFixed64();
        case 7 << 3 | WireWriter.FIXED64 -> low = in.rawFixed64();
        case 8 << 3 -> priority = in.rawInt() - 1;
        case 9 << 3 | WireWriter.LENGTH -> requires.add(in.rawString());
        default -> in.skip(tag);
      }
    }
    return new CompilationContext(
        new TaskId(new UUID(high, low)),
        required(root),
        tenant,
        level,
        depth,
        deadline,
        scheduling(priority, requires));
  }

  private static Scheduling scheduling(int priority, List<String> requires) {
    boolean isUsual = requires.isEmpty() && priority == Scheduling.DEFAULT.priority();
    return isUsual ? Scheduling.DEFAULT : new Scheduling(priority, requires);
  }

  private static LogLevel level(int ordinal) {
    LogLevel[] levels = LogLevel.values();
    if (ordinal < 0 || ordinal >= levels.length) {
      throw new MalformedFrameException("no level " + ordinal);
    }
    return levels[ordinal];
  }

  private static Instant deadline(WireReader in) {
    long seconds = 0;
    int nanos = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> seconds = in.rawZigzag();
        case 2 << 3 -> nanos = in.rawInt();
        default -> in.skip(tag);
      }
    }
    return Instant.ofEpochSecond(seconds, nanos);
  }

  private void results(WireReader in) {
    String name = "";
    long completedBy = 0;
    long worker = 0;
    long mailbox = 0;
    RuntimeFunction<?, ?> function = null;
    FunctionRegistry.Entry entry = null;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | WireWriter.LENGTH -> name = in.rawString();
        case 2 << 3 -> completedBy = in.rawZigzag();
        case 3 << 3 -> worker = in.rawZigzag();
        case 4 << 3 -> mailbox = in.rawZigzag();
        case 5 << 3 | WireWriter.LENGTH -> {
          if (function == null) {
            entry = functions.find(name);
            function = entry == null ? new UnknownFunction(name, 0) : entry.function();
          }
          result(in.nested(), worker, mailbox, completedBy, function, entry);
        }
        default -> in.skip(tag);
      }
    }
  }

  private void result(
      WireReader in,
      long worker,
      long mailbox,
      long completedBy,
      RuntimeFunction<?, ?> function,
      FunctionRegistry.@Nullable Entry entry) {
    int slot = 0;
    int attempt = 0;
    long nanos = 0;
    byte[] bytes = {};
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> slot = signed(in);
        case 2 << 3 -> attempt = toInt(in.rawVarint());
        case 3 << 3 -> nanos = in.rawVarint();
        case 4 << 3 | WireWriter.LENGTH -> bytes = in.rawBytes();
        default -> in.skip(tag);
      }
    }
    Object value;
    if (entry == null) {
      value = new EncodedValue(bytes, MessageDecoder::unreadable);
    } else if (worker == RuntimeAddress.SERVER) {
      // Here rather than on the server's loop: circuits may be large.
      value = entry.result().fromBytes(bytes);
    } else {
      value = new EncodedValue(bytes, entry.result()::fromBytes);
    }
    RuntimeTaskId id = new RuntimeTaskId(new RuntimeAddress(worker, mailbox, slot), attempt);
    messages.accept(new Message.Result(id, completedBy, function, value, Math.max(0, nanos)));
  }

  private void error(WireReader in) {
    RuntimeTaskId task = null;
    long completedBy = 0;
    ErrorCode code = ErrorCode.INTERNAL;
    String message = "";
    String pass = null;
    Integer block = null;
    String cause = null;
    long nanos = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | WireWriter.LENGTH -> task = run(in.nested());
        case 2 << 3 -> completedBy = in.rawZigzag();
        case 3 << 3 | WireWriter.LENGTH -> code = code(in.rawString());
        case 4 << 3 | WireWriter.LENGTH -> message = in.rawString();
        case 5 << 3 | WireWriter.LENGTH -> pass = text(in.nested());
        case 6 << 3 | WireWriter.LENGTH -> {
          long number = number(in.nested());
          block = (int) clampToInt((number >>> 1) ^ -(number & 1));
        }
        case 7 << 3 | WireWriter.LENGTH -> cause = text(in.nested());
        case 8 << 3 -> nanos = in.rawVarint();
        default -> in.skip(tag);
      }
    }
    Failure failure = new Failure(code, message, pass, block, cause);
    messages.accept(new Message.Error(required(task), completedBy, failure, Math.max(0, nanos)));
  }

  /// Codes are never renamed, but one of a later version may not be known here.
  private static ErrorCode code(String slug) {
    for (ErrorCode each : ErrorCode.values()) {
      if (each.slug().equals(slug)) {
        return each;
      }
    }
    return ErrorCode.INTERNAL;
  }

  private void log(WireReader in) {
    RuntimeTaskId root = null;
    LogLevel level = LogLevel.DEBUG;
    String logger = "";
    String text = "";
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | WireWriter.LENGTH -> root = run(in.nested());
        case 2 << 3 -> level = level(in.rawInt());
        case 3 << 3 | WireWriter.LENGTH -> logger = in.rawString();
        case 4 << 3 | WireWriter.LENGTH -> text = in.rawString();
        default -> in.skip(tag);
      }
    }
    messages.accept(new Message.Log(required(root), level, logger, text));
  }

  private void progress(WireReader in) {
    RuntimeTaskId root = null;
    String pass = "";
    int number = 0;
    int count = 0;
    int done = 0;
    int total = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | WireWriter.LENGTH -> root = run(in.nested());
        case 2 << 3 | WireWriter.LENGTH -> pass = in.rawString();
        case 3 << 3 -> number = toInt(in.rawVarint());
        case 4 << 3 -> count = toInt(in.rawVarint());
        case 5 << 3 -> done = toInt(in.rawVarint());
        case 6 << 3 -> total = toInt(in.rawVarint());
        default -> in.skip(tag);
      }
    }
    messages.accept(
        new Message.ProgressMade(required(root), new Progress(pass, number, count, done, total)));
  }

  private void cancel(WireReader in) {
    long worker = 0;
    long mailbox = 0;
    int slot = 0;
    int upTo = 0;
    long number = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> worker = in.rawZigzag();
        case 2 << 3 -> mailbox = in.rawZigzag();
        case 3 << 3 -> slot = signed(in);
        case 4 << 3 -> upTo = toInt(in.rawVarint());
        case 5 << 3 -> number = in.rawVarint();
        default -> in.skip(tag);
      }
    }
    messages.accept(new Message.Cancel(new RuntimeAddress(worker, mailbox, slot), upTo, number));
  }

  private void waiting(WireReader in) {
    int idle = 0;
    RuntimeTaskId receipt = null;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> idle = toInt(in.rawVarint());
        case 2 << 3 | WireWriter.LENGTH -> receipt = run(in.nested());
        default -> in.skip(tag);
      }
    }
    messages.accept(new Message.Waiting(idle, receipt));
  }

  private void update(WireReader in) {
    RuntimeTaskId task = null;
    int diff = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | WireWriter.LENGTH -> task = run(in.nested());
        case 2 << 3 -> diff = signed(in);
        default -> in.skip(tag);
      }
    }
    messages.accept(new Message.Update(required(task), diff));
  }

  private void backlog(WireReader in) {
    int tasks = 0;
    long nanosEach = 0;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> tasks = toInt(in.rawVarint());
        case 2 << 3 -> nanosEach = in.rawVarint();
        default -> in.skip(tag);
      }
    }
    messages.accept(new Message.Backlog(tasks, Math.max(1, nanosEach)));
  }

  private void lost(WireReader in) {
    RuntimeTaskId task = null;
    boolean wasAlone = false;
    boolean wasExecuting = false;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | WireWriter.LENGTH -> task = run(in.nested());
        case 2 << 3 -> wasExecuting = in.rawVarint() != 0;
        case 3 << 3 -> wasAlone = in.rawVarint() != 0;
        default -> in.skip(tag);
      }
    }
    messages.accept(new Message.Lost(required(task), wasExecuting, wasAlone));
  }

  private void executing(WireReader in) {
    List<RuntimeTaskId> begun = new ArrayList<>();
    List<RuntimeTaskId> ceased = new ArrayList<>();
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 | WireWriter.LENGTH -> begun.add(run(in.nested()));
        case 2 << 3 | WireWriter.LENGTH -> ceased.add(run(in.nested()));
        default -> in.skip(tag);
      }
    }
    messages.accept(new Message.Executing(begun, ceased));
  }

  private static List<RuntimeTaskId> runs(WireReader in) {
    List<RuntimeTaskId> runs = new ArrayList<>();
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == field(1)) {
        runs.add(run(in.nested()));
      } else {
        in.skip(tag);
      }
    }
    return runs;
  }
}
