package io.quern.protocol.encoding;

import static io.quern.protocol.encoding.CommonFields.field;

import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.protocol.Breadcrumbs;
import io.quern.protocol.CompilationContext;
import io.quern.protocol.EncodedValue;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.Blob;
import io.quern.task.DeathCount;
import io.quern.task.KeptWork;
import io.quern.task.Scheduling;
import io.quern.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads runtime tasks. They come in groups, which name once what their tasks have in common:
/// ancestors, compilation, function, mailbox.
final class TaskDecoder {
  private final FunctionRegistry functions;

  TaskDecoder(FunctionRegistry functions) {
    this.functions = functions;
  }

  /// Reads a message that has groups and nothing else.
  List<RuntimeTask> groups(WireReader in) {
    List<RuntimeTask> tasks = new ArrayList<>();
    while (in.hasMore()) {
      int tag = in.tag();
      if (tag == field(1)) {
        group(in.nested(), tasks);
      } else {
        in.skip(tag);
      }
    }
    return tasks;
  }

  /// Reads one group.
  ///
  /// @param tasks what it is added to
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
        case 1 << 3 | WireWriter.LENGTH -> ancestors.add(CommonFields.run(in.nested()));
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
            function = function(entry, name, version);
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

  private static RuntimeFunction<?, ?> function(
      FunctionRegistry.@Nullable Entry entry, String name, int version) {
    return entry == null || entry.function().version() != version
        ? new UnknownFunction(name, version)
        : entry.function();
  }

  /// Reads what a task tells its children.
  Message.Communicate communicate(WireReader in) {
    long worker = 0;
    long mailbox = 0;
    String name = "";
    int version = 0;
    Message.Communicate said = null;
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> worker = in.rawZigzag();
        case 2 << 3 -> mailbox = in.rawZigzag();
        case 3 << 3 | WireWriter.LENGTH -> name = in.rawString();
        case 4 << 3 -> version = in.rawInt();
        case 5 << 3 | WireWriter.LENGTH -> {
          // To whom it is said stands before it.
          FunctionRegistry.Entry entry = functions.find(name);
          said = said(in.nested(), worker, mailbox, function(entry, name, version), entry);
        }
        default -> in.skip(tag);
      }
    }
    if (said == null) {
      throw new MalformedFrameException("nothing is said to the tasks that are named");
    }
    return said;
  }

  private static Message.Communicate said(
      WireReader in,
      long worker,
      long mailbox,
      RuntimeFunction<?, ?> function,
      FunctionRegistry.@Nullable Entry entry) {
    int number = 0;
    byte[] content = {};
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> number = in.rawCount();
        case 2 << 3 | WireWriter.LENGTH -> content = in.rawBytes();
        default -> in.skip(tag);
      }
    }
    ValueCodec<Object> codec = entry == null ? null : entry.message();
    return new Message.Communicate(
        new RuntimeAddress(worker, mailbox, RuntimeAddress.ALL_SLOTS),
        function,
        number,
        new EncodedValue(
            Blob.of(content), codec == null ? UnknownFunction.reader() : codec::fromBytes));
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
    List<Message.Communicate> heard = new ArrayList<>(0);
    while (in.hasMore()) {
      int tag = in.tag();
      switch (tag) {
        case 1 << 3 -> slot = in.rawSignedInt();
        case 2 << 3 -> attempt = in.rawCount();
        case 3 << 3 | WireWriter.LENGTH -> argument = in.rawBytes();
        case 4 << 3 | WireWriter.LENGTH -> kept = RecoveryDecoder.kept(in.nested());
        case 5 << 3 -> deaths = in.rawCount();
        case 6 << 3 -> deathsAlone = in.rawCount();
        case 7 << 3 | WireWriter.LENGTH ->
            heard.add(said(in.nested(), worker, mailbox, function, entry));
        default -> in.skip(tag);
      }
    }
    RuntimeTaskId id = new RuntimeTaskId(new RuntimeAddress(worker, mailbox, slot), attempt);
    Object value =
        new EncodedValue(
            Blob.of(argument),
            entry == null ? UnknownFunction.reader() : entry.argument()::fromBytes);
    if (deathsAlone > deaths) {
      throw new MalformedFrameException("more deaths alone than deaths");
    }
    DeathCount counted = deaths == 0 ? DeathCount.NONE : new DeathCount(deaths, deathsAlone);
    return new RuntimeTask(id, breadcrumbs, compilation, function, value, kept, counted, heard);
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
        case 1 << 3 | WireWriter.LENGTH -> root = CommonFields.run(in.nested());
        case 2 << 3 | WireWriter.LENGTH -> tenant = in.rawString();
        case 3 << 3 -> level = CommonFields.level(in.rawInt());
        case 4 << 3 -> depth = in.rawSignedInt();
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
        CommonFields.required(root),
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
}
