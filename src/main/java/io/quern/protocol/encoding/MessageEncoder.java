package io.quern.protocol.encoding;

import io.quern.engine.pass.Progress;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.protocol.CompilationContext;
import io.quern.protocol.EncodedValue;
import io.quern.protocol.Failure;
import io.quern.protocol.IdBlock;
import io.quern.protocol.Message;
import io.quern.protocol.NodeReport;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.Blob;
import io.quern.task.KeptWork;
import io.quern.task.Scheduling;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects messages into frames as `link.proto` describes them. Results that follow each other
/// into one mailbox share what they have in common, as do the tasks of one submit.
///
/// Not thread-safe.
public final class MessageEncoder {
  private static final int MESSAGE = 3;
  private static final int CHUNK = 4;
  private static final int RESULTS = 4;

  /// A buffer that grew beyond this is not kept.
  private static final int KEPT = 1 << 20;

  private final FunctionRegistry functions;
  private final int maxFrame;
  private final int maxPayload;
  private WireWriter out = new WireWriter(1 << 16);

  /// The result last written, while its group is open.
  private Message.@Nullable Result group;

  private int messageBegun;
  private int groupBegun;

  /// @param maxFrame bytes of a frame; what is larger goes in chunks
  /// @param maxPayload bytes of one message; what is larger is refused
  public MessageEncoder(FunctionRegistry functions, int maxFrame, int maxPayload) {
    this.functions = functions;
    this.maxFrame = maxFrame;
    this.maxPayload = maxPayload;
  }

  /// Adds a message; the writer is as before if it fails.
  ///
  /// @throws ValueTooLargeException if the message is larger than allowed
  /// @throws IllegalArgumentException if a value in it has no form that can be sent
  public void add(Message message) {
    if (!(message instanceof Message.Result result && sharesGroup(result))) {
      closeGroup();
    }
    int before = out.size();
    boolean wasOpen = group != null;
    try {
      write(message);
      if (out.size() - before > maxPayload) {
        throw new ValueTooLargeException((long) out.size() - before, maxPayload);
      }
    } catch (ValueTooLargeException | IllegalArgumentException e) {
      out.truncate(before);
      if (!wasOpen) {
        group = null;
      }
      throw e;
    }
  }

  /// Bytes collected.
  public int size() {
    return out.size();
  }

  /// The frames to send for what was collected, in order.
  public List<byte[]> takeFrames() {
    closeGroup();
    List<byte[]> frames = new ArrayList<>(1);
    if (out.size() <= maxFrame) {
      if (out.size() > 0) {
        frames.add(out.toByteArray());
      }
    } else {
      for (int from = 0; from < out.size(); from += maxFrame) {
        int to = Math.min(out.size(), from + maxFrame);
        WireWriter chunk = new WireWriter(to - from + 32);
        int begun = chunk.begin(CHUNK);
        chunk.bytes(1, out.copy(from, to));
        chunk.varint(2, to == out.size() ? 1 : 0);
        chunk.end(begun);
        frames.add(chunk.toByteArray());
      }
    }
    if (out.size() > KEPT) {
      out = new WireWriter(1 << 16);
    } else {
      out.clear();
    }
    return frames;
  }

  private void write(Message message) {
    if (message instanceof Message.Result result) {
      writeResult(result);
      return;
    }
    int begun = out.begin(MESSAGE);
    switch (message) {
      case Message.Connect connect -> {
        int body = out.begin(1);
        out.zigzag(1, connect.ids().lower());
        out.zigzag(2, connect.ids().upper());
        out.end(body);
      }
      case Message.Started(int workers) -> number(2, workers);
      case Message.Submit(RuntimeTask task) -> writeTasks(List.of(task));
      case Message.SubmitBatch(List<RuntimeTask> tasks) -> writeTasks(tasks);
      case Message.Error error -> writeError(error);
      case Message.Log log -> {
        int body = out.begin(6);
        run(1, log.root());
        out.varint(2, log.level().ordinal());
        out.string(3, log.logger());
        out.string(4, log.text());
        out.end(body);
      }
      case Message.ProgressMade(RuntimeTaskId root, Progress progress) -> {
        int body = out.begin(7);
        run(1, root);
        out.string(2, progress.pass());
        out.varint(3, progress.passNumber());
        out.varint(4, progress.passCount());
        out.varint(5, progress.blocksDone());
        out.varint(6, progress.blocksTotal());
        out.end(body);
      }
      case Message.Communicate said -> {
        int body = out.begin(28);
        out.zigzag(1, said.address().workerId());
        out.zigzag(2, said.address().mailbox());
        out.string(3, said.function().name());
        out.varint(4, said.function().version());
        writeSaid(5, said);
        out.end(body);
      }
      case Message.Cancel cancel -> {
        int body = out.begin(8);
        out.zigzag(1, cancel.address().workerId());
        out.zigzag(2, cancel.address().mailbox());
        out.zigzag(3, cancel.address().slot());
        out.varint(4, cancel.upToAttempt());
        out.varint(5, cancel.number());
        out.end(body);
      }
      case Message.Ack(long cancel) -> number(9, cancel);
      case Message.Waiting(int idle, @Nullable RuntimeTaskId receipt) -> {
        int body = out.begin(10);
        out.varint(1, idle);
        if (receipt != null) {
          run(2, receipt);
        }
        out.end(body);
      }
      case Message.Update(RuntimeTaskId task, int diff) -> {
        int body = out.begin(11);
        run(1, task);
        out.zigzag(2, diff);
        out.end(body);
      }
      case Message.Shutdown() -> out.end(out.begin(12));
      case Message.MoreIds() -> out.end(out.begin(13));
      case Message.Backlog(int tasks, long nanosEach) -> {
        int body = out.begin(14);
        out.varint(1, tasks);
        out.varint(2, nanosEach);
        out.end(body);
      }
      case Message.Credit(int tasks) -> number(15, tasks);
      case Message.Drain(List<RuntimeTaskId> unstarted) -> runs(16, unstarted);
      case Message.Lost lost -> {
        int body = out.begin(17);
        run(1, lost.task());
        out.varint(2, lost.wasExecuting() ? 1 : 0);
        out.varint(3, lost.wasAlone() ? 1 : 0);
        out.end(body);
      }
      case Message.Recall(List<RuntimeTaskId> tasks) -> runs(26, tasks);
      case Message.Recalled(List<RuntimeTaskId> tasks) -> runs(27, tasks);
      case Message.Executing executing -> {
        int body = out.begin(25);
        executing.begun().forEach(each -> run(1, each));
        executing.ceased().forEach(each -> run(2, each));
        out.end(body);
      }
      case Message.Checkpoint checkpoint -> {
        int body = out.begin(18);
        run(1, checkpoint.root());
        out.varint(2, checkpoint.position());
        out.string(3, checkpoint.engineVersion());
        out.bytes(4, checkpoint.state().bytes());
        out.end(body);
      }
      case Message.BlockDone(RuntimeTaskId root, String key, Blob value) -> {
        int body = out.begin(19);
        run(1, root);
        out.string(2, key);
        out.bytes(3, value.bytes());
        out.end(body);
      }
      case Message.Inventory inventory -> {
        int body = out.begin(20);
        writeGroups(inventory.held());
        inventory.awaiting().forEach(each -> run(2, each));
        inventory.results().forEach(each -> run(3, each));
        for (IdBlock each : inventory.ids()) {
          int ids = out.begin(4);
          out.zigzag(1, each.lower());
          out.zigzag(2, each.upper());
          out.end(ids);
        }
        out.end(body);
      }
      case Message.Attached(List<RuntimeTaskId> dropped) -> runs(21, dropped);
      case Message.OpenSubmits(List<RuntimeTask> tasks) -> {
        int body = out.begin(22);
        writeGroups(tasks);
        out.end(body);
      }
      case Message.Taken(int results) -> number(23, results);
      case Message.Roster(NodeReport node) -> RosterCodec.write(node, out);
      case Message.Result _ -> throw new IllegalStateException("results are written in groups");
    }
    out.end(begun);
  }

  private void number(int field, long value) {
    int body = out.begin(field);
    out.varint(1, value);
    out.end(body);
  }

  private void runs(int field, List<RuntimeTaskId> ids) {
    int body = out.begin(field);
    ids.forEach(each -> run(1, each));
    out.end(body);
  }

  private void run(int field, RuntimeTaskId id) {
    int body = out.begin(field);
    out.zigzag(1, id.address().workerId());
    out.zigzag(2, id.address().mailbox());
    out.zigzag(3, id.address().slot());
    out.varint(4, id.attempt());
    out.end(body);
  }

  private void writeTasks(List<RuntimeTask> tasks) {
    int body = out.begin(3);
    writeGroups(tasks);
    out.end(body);
  }

  private void writeGroups(List<RuntimeTask> tasks) {
    for (int from = 0; from < tasks.size(); ) {
      RuntimeTask first = tasks.get(from);
      int to = from + 1;
      while (to < tasks.size() && isLike(first, tasks.get(to))) {
        to++;
      }
      writeGroup(first, tasks.subList(from, to));
      from = to;
    }
  }

  private static boolean isLike(RuntimeTask a, RuntimeTask b) {
    RuntimeAddress one = a.id().address();
    RuntimeAddress other = b.id().address();
    return one.workerId() == other.workerId()
        && one.mailbox() == other.mailbox()
        && a.function().name().equals(b.function().name())
        && a.breadcrumbs().equals(b.breadcrumbs())
        && a.compilation().equals(b.compilation());
  }

  private void writeGroup(RuntimeTask like, List<RuntimeTask> tasks) {
    int body = out.begin(1);
    like.breadcrumbs().ancestors().forEach(each -> run(1, each));
    writeContext(like.compilation());
    out.string(3, like.function().name());
    out.varint(4, like.function().version());
    out.zigzag(5, like.id().address().workerId());
    out.zigzag(6, like.id().address().mailbox());
    FunctionRegistry.Entry entry = functions.find(like.function().name());
    for (RuntimeTask task : tasks) {
      int begun = out.begin(7);
      out.zigzag(1, task.id().address().slot());
      out.varint(2, task.id().attempt());
      writeValue(3, entry == null ? null : entry.argument(), task.argument(), task.function());
      if (!task.kept().isNothing()) {
        writeKept(task.kept());
      }
      if (task.isSuspect()) {
        out.varint(5, task.deaths().total());
        out.varint(6, task.deaths().alone());
      }
      task.heard().forEach(said -> writeSaid(7, said));
      out.end(begun);
    }
    out.end(body);
  }

  private void writeSaid(int field, Message.Communicate said) {
    int body = out.begin(field);
    out.varint(1, said.number());
    FunctionRegistry.Entry entry = functions.find(said.function().name());
    writeValue(2, entry == null ? null : entry.message(), said.content(), said.function());
    out.end(body);
  }

  private void writeKept(KeptWork kept) {
    int body = out.begin(4);
    KeptWork.StoredCheckpoint checkpoint = kept.checkpoint();
    if (checkpoint != null) {
      out.varint(1, checkpoint.position());
      out.string(2, checkpoint.engineVersion());
      out.bytes(3, checkpoint.state().bytes());
    }
    kept.blocks()
        .forEach(
            (key, value) -> {
              int block = out.begin(4);
              out.string(1, key);
              out.bytes(2, value.bytes());
              out.end(block);
            });
    out.end(body);
  }

  private void writeContext(CompilationContext context) {
    int body = out.begin(2);
    run(1, context.root());
    out.string(2, context.tenant());
    out.varint(3, context.loggingLevel().ordinal());
    out.zigzag(4, context.loggingDepth());
    Instant deadline = context.deadline();
    if (deadline != null) {
      int at = out.begin(5);
      out.zigzag(1, deadline.getEpochSecond());
      out.varint(2, deadline.getNano());
      out.end(at);
    }
    out.fixed64(6, context.task().value().getMostSignificantBits());
    out.fixed64(7, context.task().value().getLeastSignificantBits());
    Scheduling scheduling = context.scheduling();
    if (scheduling.priority() != Scheduling.DEFAULT.priority()) {
      // One more than it is, since 0 is what a missing field is read as.
      out.varint(8, scheduling.priority() + 1);
    }
    scheduling.requires().forEach(label -> out.string(9, label));
    out.end(body);
  }

  private void writeValue(
      int field, @Nullable ValueCodec<Object> codec, Object value, RuntimeFunction<?, ?> function) {
    if (value instanceof EncodedValue encoded) {
      out.bytes(field, encoded.blob().bytes());
      return;
    }
    if (codec == null) {
      throw new IllegalArgumentException(
          "the function " + function.name() + " is not registered: its tasks cannot be sent");
    }
    int begun = out.begin(field);
    try {
      codec.write(value, out);
    } catch (ClassCastException e) {
      throw new IllegalArgumentException(
          value.getClass().getName() + " is not what " + function.name() + " takes or returns", e);
    }
    out.end(begun);
  }

  private boolean sharesGroup(Message.Result result) {
    Message.Result open = group;
    return open != null
        && open.task().address().workerId() == result.task().address().workerId()
        && open.task().address().mailbox() == result.task().address().mailbox()
        && open.completedBy() == result.completedBy()
        && open.function().name().equals(result.function().name());
  }

  private void writeResult(Message.Result result) {
    if (group == null) {
      messageBegun = out.begin(MESSAGE);
      groupBegun = out.begin(RESULTS);
      out.string(1, result.function().name());
      out.zigzag(2, result.completedBy());
      out.zigzag(3, result.task().address().workerId());
      out.zigzag(4, result.task().address().mailbox());
      group = result;
    }
    int begun = out.begin(5);
    out.zigzag(1, result.task().address().slot());
    out.varint(2, result.task().attempt());
    out.varint(3, result.nanos());
    FunctionRegistry.Entry entry = functions.find(result.function().name());
    writeValue(4, entry == null ? null : entry.result(), result.value(), result.function());
    out.end(begun);
  }

  private void closeGroup() {
    if (group != null) {
      group = null;
      out.end(groupBegun);
      out.end(messageBegun);
    }
  }

  private void writeError(Message.Error error) {
    int body = out.begin(5);
    run(1, error.task());
    out.zigzag(2, error.completedBy());
    Failure failure = error.failure();
    out.string(3, failure.code().slug());
    out.string(4, failure.message());
    text(5, failure.pass());
    Integer block = failure.block();
    if (block != null) {
      int begun = out.begin(6);
      out.zigzag(1, block);
      out.end(begun);
    }
    text(7, failure.cause());
    out.varint(8, error.nanos());
    out.end(body);
  }

  private void text(int field, @Nullable String value) {
    if (value != null) {
      int begun = out.begin(field);
      out.string(1, value);
      out.end(begun);
    }
  }
}
