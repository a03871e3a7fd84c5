package io.quern.protocol.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.quern.engine.pass.ListeningFunction;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.failure.ErrorCode;
import io.quern.protocol.Breadcrumbs;
import io.quern.protocol.CompilationContext;
import io.quern.protocol.EncodedValue;
import io.quern.protocol.Failure;
import io.quern.protocol.IdBlock;
import io.quern.protocol.Message.Ack;
import io.quern.protocol.Message.Attached;
import io.quern.protocol.Message.Backlog;
import io.quern.protocol.Message.BlockDone;
import io.quern.protocol.Message.Cancel;
import io.quern.protocol.Message.Checkpoint;
import io.quern.protocol.Message.Communicate;
import io.quern.protocol.Message.Connect;
import io.quern.protocol.Message.Credit;
import io.quern.protocol.Message.Drain;
import io.quern.protocol.Message.Error;
import io.quern.protocol.Message.Executing;
import io.quern.protocol.Message.Inventory;
import io.quern.protocol.Message.Log;
import io.quern.protocol.Message.Lost;
import io.quern.protocol.Message.MoreIds;
import io.quern.protocol.Message.OpenSubmits;
import io.quern.protocol.Message.ProgressMade;
import io.quern.protocol.Message.Recall;
import io.quern.protocol.Message.Recalled;
import io.quern.protocol.Message.Result;
import io.quern.protocol.Message.Roster;
import io.quern.protocol.Message.Shutdown;
import io.quern.protocol.Message.Started;
import io.quern.protocol.Message.Submit;
import io.quern.protocol.Message.SubmitBatch;
import io.quern.protocol.Message.Taken;
import io.quern.protocol.Message.Update;
import io.quern.protocol.Message.Waiting;
import io.quern.protocol.NodeReport;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.Blob;
import io.quern.task.KeptWork;
import io.quern.task.Scheduling;
import io.quern.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Messages become bytes and messages again; the bytes are what `link.proto` says; other bytes are
/// refused.
class MessageCodecTest {

  /// What the functions of these tests take.
  record Note(String text, List<Integer> numbers) {}

  private static final class Repeat implements RuntimeFunction<Note, List<Note>> {
    @Override
    public String name() {
      return "repeat";
    }

    @Override
    public int version() {
      return 3;
    }

    @Override
    public List<Note> run(Note note, RuntimeHandle runtime) {
      return List.of(note, note);
    }
  }

  private static final class Hear implements ListeningFunction<Note, Note, Note> {
    @Override
    public String name() {
      return "hear";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public Note run(Note note, RuntimeHandle runtime) {
      return note;
    }
  }

  private static final RuntimeFunction<Note, List<Note>> REPEAT = new Repeat();
  private static final ListeningFunction<Note, Note, Note> HEAR = new Hear();
  private static final FunctionRegistry FUNCTIONS = FunctionRegistry.of(List.of(REPEAT, HEAR));
  private static final int MAX_FRAME = 1 << 16;
  private static final int MAX_PAYLOAD = 1 << 20;

  private static RuntimeTaskId id(long worker, long mailbox, int slot, int attempt) {
    return new RuntimeTaskId(new RuntimeAddress(worker, mailbox, slot), attempt);
  }

  private static RuntimeTask task(long mailbox, int slot, Object argument) {
    RuntimeTaskId root = id(RuntimeAddress.SERVER, 1L << 40, 0, 2);
    return new RuntimeTask(
        id((5L << 40) + 7, mailbox, slot, 1),
        Breadcrumbs.NONE.then(root).then(id(9, 8, 7, 6)),
        new CompilationContext(
            new TaskId(new UUID(0x7000, 1)),
            root,
            "alice",
            LogLevel.WARNING,
            -1,
            Instant.parse("2026-11-23T18:00:00.000000001Z"),
            slot == 0 ? Scheduling.DEFAULT : new Scheduling(slot % 10, List.of("gpu", "big"))),
        REPEAT,
        argument);
  }

  private static Communicate said(int number, Object content) {
    return new Communicate(
        new RuntimeAddress((5L << 40) + 7, 6, RuntimeAddress.ALL_SLOTS), HEAR, number, content);
  }

  /// A task that was told two things before it was sent.
  private static RuntimeTask listening() {
    RuntimeTask like = task(6, 2, "");
    RuntimeTask listening =
        new RuntimeTask(
            like.id(),
            like.breadcrumbs(),
            like.compilation(),
            HEAR,
            new Note("listens", List.of()));
    return listening
        .told(said(1, new Note("first", List.of())))
        .told(said(4, new Note("", List.of(9))));
  }

  private static final List<io.quern.protocol.Message> ALL =
      List.of(
          new Connect(new IdBlock(1L << 41, (1L << 41) + 1024)),
          new Started(4),
          new Started(0),
          new MoreIds(),
          new Submit(task(3, 0, new Note("one", List.of(1, -2)))),
          new SubmitBatch(
              List.of(
                  task(3, 0, new Note("", List.of())),
                  task(3, 1, new Note("zwei, dva, 二", List.of(Integer.MIN_VALUE))),
                  task(4, 0, new Note("other mailbox", List.of())))),
          new Submit(listening()),
          said(5, new Note("hint", List.of(4))),
          new Result(id(7, 3, 0, 1), 9, REPEAT, List.of(new Note("a", List.of(1))), 1_000),
          new Result(id(7, 3, 1, 4), 9, REPEAT, List.of(), 0),
          new Result(id(7, 4, 0, 1), 9, REPEAT, List.of(), 5),
          new Error(
              id(7, 3, 2, 1),
              9,
              new Failure(ErrorCode.PASS_FAILED, "it broke", "Routing", -3, "of old age"),
              17),
          new Error(id(7, 3, 2, 1), -1, new Failure(ErrorCode.INTERNAL, "", null, null, null), 0),
          new Log(id(-1, 3, 0, 1), LogLevel.ERROR, "logger", "line " + "x".repeat(200)),
          new ProgressMade(id(-1, 3, 0, 1), new Progress("Sabre", 1, 4, 0, 12)),
          new Cancel(new RuntimeAddress(7, 3, RuntimeAddress.ALL_SLOTS), Integer.MAX_VALUE, 12),
          new Ack(12),
          new Waiting(3, id(7, 3, 0, 1)),
          new Waiting(0, null),
          new Update(id(7, 3, 0, 1), -1),
          new Update(id(7, 3, 0, 1), 1),
          new Backlog(10_000, 3_600_000_000_000L),
          new Credit(4_096),
          new Drain(List.of(id(7, 3, 0, 1), id(-1, 9, 0, 2))),
          new Drain(List.of()),
          new Lost(id(7, 3, 0, 1), true, false),
          new Lost(id(7, 3, 0, 1), true, true),
          new Recall(List.of(id(7, 3, 0, 1))),
          new Recalled(List.of(id(7, 3, 0, 1), id(7, 3, 1, 1))),
          new Executing(List.of(id(7, 3, 0, 1)), List.of(id(7, 3, 1, 1), id(7, 4, 1, 2))),
          new Checkpoint(id(-1, 3, 0, 1), 4, "0.1.0", Blob.of(new byte[] {1, 0, -1})),
          new BlockDone(id(-1, 3, 0, 1), "ab12", Blob.of(new byte[300])),
          new Inventory(
              List.of(new IdBlock(1L << 41, 1L << 42), new IdBlock(1L << 43, 1L << 44)),
              List.of(
                  task(3, 0, new Note("held", List.of(1))),
                  new RuntimeTask(
                      id(-1, 9, 0, 2),
                      Breadcrumbs.NONE,
                      task(3, 0, "").compilation(),
                      REPEAT,
                      new Note("root", List.of()),
                      new KeptWork(
                          new KeptWork.StoredCheckpoint(2, "0.1.0", Blob.of(new byte[] {5})),
                          Map.of("cd", Blob.of(new byte[] {7}))))),
              Set.of(id(-1, 9, 0, 2)),
              List.of(id(7, 3, 0, 1), id(7, 4, 0, 3))),
          new Inventory(List.of(new IdBlock(0, 1)), List.of(), Set.of(), List.of()),
          new Attached(List.of(id(7, 3, 0, 1))),
          new Attached(List.of()),
          new OpenSubmits(List.of(task(3, 0, new Note("open", List.of())))),
          new OpenSubmits(List.of()),
          new Taken(12),
          new Roster(
              new NodeReport(
                  "rack-7",
                  "",
                  "0.1.0",
                  false,
                  List.of("gpu", "big"),
                  1_795_000_000_123L,
                  2,
                  1,
                  3,
                  4,
                  List.of(
                      new NodeReport(
                          "below",
                          "10.0.0.7:51324",
                          "0.1.0",
                          true,
                          List.of(),
                          -5,
                          1,
                          0,
                          0,
                          0,
                          List.of())))),
          new Shutdown());

  private static List<io.quern.protocol.Message> read(List<byte[]> frames) {
    List<io.quern.protocol.Message> heard = new ArrayList<>();
    MessageDecoder decoder = new MessageDecoder(FUNCTIONS, MAX_PAYLOAD, heard::add);
    frames.forEach(decoder::read);
    return heard.stream().map(MessageCodecTest::decoded).toList();
  }

  /// The message with its values read, to be compared.
  private static io.quern.protocol.Message decoded(io.quern.protocol.Message message) {
    return switch (message) {
      case Submit(RuntimeTask task) -> new Submit(decoded(task));
      case SubmitBatch(List<RuntimeTask> tasks) ->
          new SubmitBatch(tasks.stream().map(MessageCodecTest::decoded).toList());
      case Result result ->
          new Result(
              result.task(),
              result.completedBy(),
              result.function(),
              EncodedValue.decoded(result.value()),
              result.nanos());
      case Communicate said -> decoded(said);
      case Inventory inventory ->
          new Inventory(
              inventory.ids(),
              inventory.held().stream().map(MessageCodecTest::decoded).toList(),
              inventory.awaiting(),
              inventory.results());
      case OpenSubmits(List<RuntimeTask> tasks) ->
          new OpenSubmits(tasks.stream().map(MessageCodecTest::decoded).toList());
      default -> message;
    };
  }

  private static RuntimeTask decoded(RuntimeTask task) {
    RuntimeTask read =
        new RuntimeTask(
            task.id(),
            task.breadcrumbs(),
            task.compilation(),
            task.function(),
            EncodedValue.decoded(task.argument()),
            task.kept());
    for (Communicate said : task.heard()) {
      read = read.told(decoded(said));
    }
    return read;
  }

  private static Communicate decoded(Communicate said) {
    return new Communicate(
        said.address(), said.function(), said.number(), EncodedValue.decoded(said.content()));
  }

  private static MessageEncoder encoder(int maxFrame) {
    return new MessageEncoder(FUNCTIONS, maxFrame, MAX_PAYLOAD);
  }

  @Test
  void everyMessageIsReadAsItWasWritten() {
    assertThat(ALL.stream().map(Object::getClass).distinct())
        .as("kinds of messages")
        .hasSize(kinds(io.quern.protocol.Message.class));
    MessageEncoder encoder = encoder(MAX_FRAME);
    ALL.forEach(encoder::add);
    List<byte[]> frames = encoder.takeFrames();
    assertThat(frames).hasSize(1);
    assertThat(read(frames)).isEqualTo(ALL);
  }

  private static int kinds(Class<?> type) {
    return type.isInterface()
        ? Arrays.stream(type.getPermittedSubclasses()).mapToInt(MessageCodecTest::kinds).sum()
        : 1;
  }

  @Test
  void whatIsLargerThanAFrameGoesInChunks() {
    MessageEncoder encoder = encoder(50);
    ALL.forEach(encoder::add);
    List<byte[]> frames = encoder.takeFrames();
    assertThat(frames).hasSizeGreaterThan(10).allMatch(frame -> frame.length < 100);
    assertThat(read(frames)).isEqualTo(ALL);
  }

  @Test
  void aMessageBeyondTheLimitIsRefusedAndTheOthersGo() {
    MessageEncoder encoder = encoder(MAX_FRAME);
    encoder.add(new Ack(1));
    encoder.add(new Result(id(7, 3, 0, 1), 9, REPEAT, List.of(), 1));
    Note large = new Note("x".repeat(MAX_PAYLOAD + 1), List.of());
    assertThatThrownBy(() -> encoder.add(new Result(id(7, 3, 1, 1), 9, REPEAT, List.of(large), 1)))
        .isInstanceOf(ValueTooLargeException.class)
        .hasMessageContaining(String.valueOf(MAX_PAYLOAD));
    assertThatThrownBy(() -> encoder.add(new Submit(task(3, 0, large))))
        .isInstanceOf(ValueTooLargeException.class);
    encoder.add(new Result(id(7, 3, 2, 1), 9, REPEAT, List.of(), 1));
    assertThat(read(encoder.takeFrames()))
        .containsExactly(
            new Ack(1),
            new Result(id(7, 3, 0, 1), 9, REPEAT, List.of(), 1),
            new Result(id(7, 3, 2, 1), 9, REPEAT, List.of(), 1));
  }

  @Test
  void whoOnlyPassesOnNeedNotKnowTheFunction() {
    MessageEncoder first = encoder(MAX_FRAME);
    List<io.quern.protocol.Message> messages =
        List.of(
            new Submit(task(3, 0, new Note("one", List.of(1)))),
            new Submit(listening()),
            said(5, new Note("hint", List.of(4))),
            new Result(id(7, 3, 0, 1), 9, REPEAT, List.of(), 1));
    messages.forEach(first::add);
    List<io.quern.protocol.Message> between = new ArrayList<>();
    FunctionRegistry nothing = FunctionRegistry.of(List.of());
    MessageDecoder decoder = new MessageDecoder(nothing, MAX_PAYLOAD, between::add);
    first.takeFrames().forEach(decoder::read);
    MessageEncoder second = new MessageEncoder(nothing, MAX_FRAME, MAX_PAYLOAD);
    between.forEach(second::add);
    assertThat(read(second.takeFrames())).isEqualTo(messages);
  }

  @Test
  void functionThatIsNotRegisteredCannotBeSent() {
    MessageEncoder encoder =
        new MessageEncoder(FunctionRegistry.of(List.of()), MAX_FRAME, MAX_PAYLOAD);
    assertThatThrownBy(() -> encoder.add(new Submit(task(3, 0, new Note("", List.of())))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("repeat");
  }

  @Test
  void whatATaskIsToldIsCountedFromOne() {
    assertThatThrownBy(() -> said(0, new Note("", List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 1, found 0");
  }

  @Test
  void everyMessageAndFieldOfTheProtoFileIsDescribed() throws Exception {
    assertThat(ProtoSchema.undescribed()).isEmpty();
  }

  @Test
  void theBytesAreWhatTheProtoFileSays() throws Exception {
    MessageEncoder encoder = encoder(MAX_FRAME);
    ALL.forEach(encoder::add);
    DynamicMessage frame =
        DynamicMessage.parseFrom(ProtoSchema.frame(), encoder.takeFrames().getFirst());
    Set<String> seen = new TreeSet<>();
    collect(frame, seen);
    for (FieldDescriptor kind :
        ProtoSchema.frame().findFieldByName("message").getMessageType().getFields()) {
      assertThat(seen).as("kinds in the frame").contains("Message." + kind.getName());
    }
    DynamicMessage hello =
        DynamicMessage.parseFrom(
            ProtoSchema.frame(),
            new Hello("1", "f:1", true, "n", 5, 2, 99, 7, List.of("gpu"), true, true).toFrame());
    collect(hello, seen);
    assertThat(seen)
        .contains("Hello.instance", "Task.argument", "Result.value", "Deadline.nanos")
        .contains("Run.attempt", "Error.block", "Cancel.up_to_attempt");
  }

  /// Every field that is there; fails if one is there that the file does not know.
  private static void collect(Message message, Set<String> seen) {
    assertThat(message.getUnknownFields().asMap()).as("fields link.proto does not know").isEmpty();
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      seen.add(message.getDescriptorForType().getName() + "." + field.getKey().getName());
      List<?> values = field.getValue() instanceof List<?> list ? list : List.of(field.getValue());
      for (Object value : values) {
        if (value instanceof Message nested) {
          collect(nested, seen);
        }
      }
    }
  }

  @Test
  void whateverTheBytesAreTheyAreMessagesOrRefused() {
    MessageEncoder encoder = encoder(MAX_FRAME);
    ALL.forEach(encoder::add);
    byte[] good = encoder.takeFrames().getFirst();
    int refused = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = Arrays.copyOf(good, random.nextInt(1, good.length + 1));
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        new MessageDecoder(FUNCTIONS, MAX_PAYLOAD, message -> {}).read(bytes);
      } catch (MalformedFrameException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void hugeLengthsAndNestedChunksAreRefused() {
    WireWriter huge = new WireWriter(16);
    huge.tag(3, WireWriter.LENGTH);
    huge.rawVarint(Integer.MAX_VALUE);
    WireWriter nested = new WireWriter(16);
    int inner = nested.begin(4);
    nested.varint(2, 1);
    nested.end(inner);
    WireWriter chunk = new WireWriter(16);
    int begun = chunk.begin(4);
    chunk.bytes(1, nested.toByteArray());
    chunk.varint(2, 1);
    chunk.end(begun);
    for (WireWriter bytes : List.of(huge, chunk)) {
      MessageDecoder decoder = new MessageDecoder(FUNCTIONS, MAX_PAYLOAD, message -> {});
      if (bytes == huge) {
        assertThatThrownBy(() -> decoder.read(bytes.toByteArray()))
            .isInstanceOf(MalformedFrameException.class);
      } else {
        // A chunk within chunks is a field nobody knows.
        decoder.read(bytes.toByteArray());
      }
    }
  }

  @Test
  void moreSlotsThanANodeCanHaveAreRefused() {
    MessageEncoder encoder = encoder(MAX_FRAME);
    encoder.add(new Started(1 << 20));
    encoder.add(new Started((1 << 20) + 1));
    List<io.quern.protocol.Message> heard = new ArrayList<>();
    assertThatThrownBy(
            () ->
                new MessageDecoder(FUNCTIONS, MAX_PAYLOAD, heard::add)
                    .read(encoder.takeFrames().getFirst()))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessageContaining("1048576");
    assertThat(heard).containsExactly(new Started(1 << 20));
  }

  @Test
  void helloIsReadAsItWasWritten() {
    Hello hello =
        new Hello(
            "0.1.0",
            "a:1 b:2",
            false,
            "rack-7",
            -3,
            64,
            1L << 36,
            7_200_000,
            List.of("gpu", "big"),
            true,
            true);
    assertThat(Hello.fromFrame(hello.toFrame())).isEqualTo(hello);
    for (Hello odd :
        List.of(
            new Hello("1", "f:1", true, "a\nline", 5, 2, 99, 7, List.of(), true, false),
            new Hello("1", "f:1", true, "n".repeat(257), 5, 2, 99, 7, List.of(), true, false),
            new Hello("1", "f:1", true, "n", 5, 2, 99, 7, List.of("no label"), true, false))) {
      assertThatThrownBy(() -> Hello.fromFrame(odd.toFrame()))
          .isInstanceOf(MalformedFrameException.class);
    }
    assertThatThrownBy(() -> Hello.fromFrame(new byte[] {1, 2, 3}))
        .isInstanceOf(MalformedFrameException.class);
  }
}
