package io.quern.protocol.encoding;

import static io.quern.protocol.encoding.CommonFields.count;
import static io.quern.protocol.encoding.CommonFields.field;
import static io.quern.protocol.encoding.CommonFields.level;
import static io.quern.protocol.encoding.CommonFields.number;
import static io.quern.protocol.encoding.CommonFields.required;
import static io.quern.protocol.encoding.CommonFields.run;
import static io.quern.protocol.encoding.CommonFields.runs;

import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads the frames of one link. Whatever the bytes are, it hears messages or throws
/// [MalformedFrameException].
///
/// Not thread-safe.
public final class MessageDecoder {
  private static final int HELLO = field(1);
  private static final int MESSAGE = field(3);
  private static final int CHUNK = field(4);

  /// Slots that one node, with those below it, may have.
  private static final int MOST_SLOTS = 1 << 20;

  private final int maxPayload;
  private final Consumer<Message> messages;
  private final TaskDecoder tasks;
  private final OutcomeDecoder outcomes;
  private @Nullable ByteArrayOutputStream chunks;

  /// @param maxPayload most bytes that chunks may add up to
  public MessageDecoder(FunctionRegistry functions, int maxPayload, Consumer<Message> messages) {
    this.maxPayload = maxPayload;
    this.messages = messages;
    tasks = new TaskDecoder(functions);
    outcomes = new OutcomeDecoder(functions, messages);
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
        isLast = in.rawBoolean();
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
        case 1 -> messages.accept(new Message.Connect(CommonFields.ids(body)));
        case 2 -> messages.accept(new Message.Started(slots(number(body))));
        case 3 -> submit(body);
        case 4 -> outcomes.results(body);
        case 5 -> outcomes.error(body);
        case 6 -> log(body);
        case 7 -> progress(body);
        case 8 -> cancel(body);
        case 9 -> messages.accept(new Message.Ack(number(body)));
        case 10 -> waiting(body);
        case 11 -> update(body);
        case 12 -> messages.accept(new Message.Shutdown());
        case 13 -> messages.accept(new Message.MoreIds());
        case 14 -> backlog(body);
        case 15 -> messages.accept(new Message.Credit(count(body)));
        case 16 -> messages.accept(new Message.Drain(runs(body)));
        case 26 -> messages.accept(new Message.Recall(runs(body)));
        case 27 -> messages.accept(new Message.Recalled(runs(body)));
        case 28 -> messages.accept(tasks.communicate(body));
        case 25 -> executing(body);
        case 17 -> lost(body);
        case 18 -> messages.accept(RecoveryDecoder.checkpoint(body));
        case 19 -> messages.accept(RecoveryDecoder.blockDone(body));
        case 20 -> messages.accept(RecoveryDecoder.inventory(body, tasks));
        case 21 -> messages.accept(new Message.Attached(runs(body)));
        case 22 -> messages.accept(new Message.OpenSubmits(tasks.groups(body)));
        case 23 -> messages.accept(new Message.Taken(count(body)));
        case 30 -> messages.accept(RosterCodec.read(body));
        default -> {}
      }
    }
  }

  private void submit(WireReader in) {
    List<RuntimeTask> submitted = tasks.groups(in);
    messages.accept(
        submitted.size() == 1
            ? new Message.Submit(submitted.getFirst())
            : new Message.SubmitBatch(submitted));
  }

  /// Sums over all links of a process must fit too.
  private static int slots(long value) {
    if (value < 0 || value > MOST_SLOTS) {
      throw new MalformedFrameException(
          "expected at most " + MOST_SLOTS + " slots of one node, found " + value);
    }
    return (int) value;
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
        case 3 << 3 -> number = in.rawCount();
        case 4 << 3 -> count = in.rawCount();
        case 5 << 3 -> done = in.rawCount();
        case 6 << 3 -> total = in.rawCount();
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
        case 3 << 3 -> slot = in.rawSignedInt();
        case 4 << 3 -> upTo = in.rawCount();
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
        case 1 << 3 -> idle = in.rawCount();
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
        case 2 << 3 -> diff = in.rawSignedInt();
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
        case 1 << 3 -> tasks = in.rawCount();
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
        case 2 << 3 -> wasExecuting = in.rawBoolean();
        case 3 << 3 -> wasAlone = in.rawBoolean();
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
}
