package io.quern.bqskit.codec;

import io.quern.bqskit.pickle.BytesNode;
import io.quern.bqskit.pickle.DictNode;
import io.quern.bqskit.pickle.InstanceNode;
import io.quern.bqskit.pickle.ListNode;
import io.quern.bqskit.pickle.Pickle;
import io.quern.bqskit.pickle.PickleException;
import io.quern.bqskit.pickle.PickleFrame;
import io.quern.bqskit.pickle.PickleLimits;
import io.quern.bqskit.pickle.PickleNode;
import io.quern.bqskit.pickle.PickleNode.Constant;
import io.quern.bqskit.pickle.PickleNode.Int;
import io.quern.bqskit.pickle.PickleReader;
import io.quern.bqskit.pickle.PickleSplice;
import io.quern.bqskit.pickle.PickleWriter;
import io.quern.bqskit.pickle.TextNode;
import io.quern.bqskit.pickle.TupleNode;
import io.quern.bqskit.wire.FromClient;
import io.quern.bqskit.wire.FromManager;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.ToClient;
import io.quern.bqskit.wire.ToManager;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireResult;
import io.quern.bqskit.wire.WireTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads and writes the messages of BQSKit's wire, pickles of `(RuntimeMessage, payload)`. Whatever
/// the bytes are, reading ends with a message or a [PickleException]. Threads may share it.
public final class WireCodec {
  private static final RuntimeMessage[] KINDS = RuntimeMessage.values();

  /// From this length on, only one frame is read at a time.
  private static final int LONG_FRAME = 1 << 20;

  /// Nothing that says one number is longer.
  private static final int SHORT_FRAME = 256;

  /// A frame and what it says.
  private static final class Heard {
    final byte[] frame;
    final FromManager message;

    Heard(byte[] frame, FromManager message) {
      this.frame = frame;
      this.message = message;
    }
  }

  /// The last UPDATE: managers send one for every runtime task that ends, nearly always the same.
  private volatile @Nullable Heard lastUpdate;

  private final ReentrantLock longFrames = new ReentrantLock();
  private final PickleLimits limits;

  /// @param limits what frames are read before they are refused
  public WireCodec(PickleLimits limits) {
    this.limits = limits;
  }

  // ---- reading

  /// What a client says.
  ///
  /// @param frame left unchanged from now on: the message may refer to it
  /// @throws PickleException if it is no message that a client may send
  public FromClient readClient(byte[] frame) {
    return read(frame, WireCodec::clientMessage);
  }

  private static FromClient clientMessage(PickleNode message) {
    List<PickleNode> parts = envelope(message);
    RuntimeMessage kind = kind(parts.getFirst());
    PickleNode payload = parts.get(1);
    return switch (kind) {
      case CONNECT -> new FromClient.Connect(Fields.texts(payload, "import paths"));
      case DISCONNECT -> new FromClient.Disconnect();
      case SUBMIT -> compilation(payload);
      case REQUEST -> new FromClient.Request(Fields.uuid(payload, "the id of a task"));
      case STATUS -> new FromClient.Status(Fields.uuid(payload, "the id of a task"));
      case CANCEL -> new FromClient.Cancel(Fields.uuid(payload, "the id of a task"));
      case STARTED,
          SHUTDOWN,
          ERROR,
          RESULT,
          SUBMIT_BATCH,
          LOG,
          WAITING,
          UPDATE,
          IMPORTPATH,
          READY,
          COMMUNICATE ->
          throw new PickleException("a client may not send " + kind);
    };
  }

  private static FromClient compilation(PickleNode node) {
    if (!(node instanceof InstanceNode made)
        || !made.isOf(Names.COMPILATION)
        || !(made.state() instanceof DictNode state)) {
      throw Fields.expected("a CompilationTask", node);
    }
    return new FromClient.Submit(
        Fields.uuid(state.get("task_id"), "the id of a CompilationTask"),
        Fields.numberOr(state.get("logging_level"), 0),
        Fields.numberOr(state.get("max_logging_depth"), -1),
        value(made));
  }

  /// What a manager says.
  ///
  /// @param frame left unchanged from now on: the message may refer to it
  /// @throws PickleException if it is no message that a manager may send
  public FromManager readManager(byte[] frame) {
    Heard heard = lastUpdate;
    if (heard != null && Arrays.equals(heard.frame, frame)) {
      return heard.message;
    }
    FromManager message = read(frame, tree -> managerMessage(tree, frame));
    if (message instanceof FromManager.Update && frame.length <= SHORT_FRAME) {
      lastUpdate = new Heard(frame, message);
    }
    return message;
  }

  private FromManager managerMessage(PickleNode message, byte[] frame) {
    List<PickleNode> parts = envelope(message);
    RuntimeMessage kind = kind(parts.getFirst());
    PickleNode payload = parts.get(1);
    return switch (kind) {
      case STARTED -> new FromManager.Started(Fields.smallNumber(payload, "a number of workers"));
      case SUBMIT ->
          new FromManager.Submit(
              List.of(task(payload, new Crumbs(), PickledValue.part(of(frame, message), 0))));
      case SUBMIT_BATCH -> new FromManager.Submit(tasks(payload, of(frame, message)));
      case RESULT ->
          new FromManager.Result(result(payload, PickledValue.part(of(frame, message), 0)));
      case ERROR -> error(payload);
      case LOG -> log(payload);
      case CANCEL -> new FromManager.Cancel(Fields.address(payload, "a cancelled task"));
      case WAITING -> waiting(payload);
      case UPDATE -> new FromManager.Update(Fields.smallNumber(payload, "a number of tasks"));
      case COMMUNICATE -> communicate(payload, PickledValue.part(of(frame, message), 0));
      case SHUTDOWN -> new FromManager.Shutdown(payload == Constant.TRUE);
      case CONNECT, DISCONNECT, REQUEST, STATUS, IMPORTPATH, READY ->
          throw new PickleException("a manager may not send " + kind);
    };
  }

  private PickleFrame of(byte[] frame, PickleNode message) {
    return PickleFrame.of(frame, limits, message);
  }

  private static List<PickleNode> envelope(PickleNode message) {
    return Fields.tuple(message, 2, "a message");
  }

  /// Reads a frame; of long ones, whose trees may take all that the limits allow, one at a time.
  private <T> T read(byte[] frame, Function<PickleNode, T> message) {
    if (frame.length < LONG_FRAME) {
      return message.apply(PickleReader.read(frame, limits));
    }
    longFrames.lock();
    try {
      return message.apply(PickleReader.read(frame, limits));
    } finally {
      longFrames.unlock();
    }
  }

  private static RuntimeMessage kind(PickleNode node) {
    if (node instanceof InstanceNode made
        && made.isOf(Names.MESSAGE)
        && made.arguments() instanceof TupleNode arguments
        && arguments.items().size() == 1
        && arguments.items().getFirst() instanceof Int(long number)
        && number >= 0
        && number < KINDS.length) {
      return KINDS[(int) number];
    }
    throw Fields.expected("a RuntimeMessage", node);
  }

  private static FromManager error(PickleNode payload) {
    if (payload instanceof TextNode text) {
      return new FromManager.Dying(text.value());
    }
    List<PickleNode> parts = Fields.tuple(payload, 2, "an error");
    return new FromManager.Failure(
        Fields.number(parts.get(0), "the number of a compilation"),
        Fields.text(parts.get(1), "the text of an error"));
  }

  private static FromManager log(PickleNode payload) {
    List<PickleNode> parts = Fields.tuple(payload, 2, "a log record");
    return new FromManager.Log(
        Fields.number(parts.get(0), "the number of a compilation"),
        PickledValue.of(Fields.bytes(parts.get(1), "the pickle of a log record").toArray()));
  }

  private static FromManager waiting(PickleNode payload) {
    List<PickleNode> parts = Fields.tuple(payload, 2, "idle workers and receipt");
    PickleNode receipt = parts.get(1);
    return new FromManager.Waiting(
        Fields.smallNumber(parts.get(0), "a number of idle workers"),
        receipt == Constant.NONE ? null : Fields.address(receipt, "a receipt"));
  }

  private static FromManager communicate(PickleNode payload, PickledValue value) {
    List<PickleNode> parts = Fields.tuple(payload, 2, "addresses and a message");
    List<WireAddress> addresses = new ArrayList<>();
    for (PickleNode address : Fields.list(parts.getFirst(), "addresses of tasks")) {
      addresses.add(Fields.address(address, "the address of a task"));
    }
    return new FromManager.Communicate(addresses, value);
  }

  private static List<WireTask> tasks(PickleNode payload, PickleFrame frame) {
    if (!(payload instanceof ListNode list)) {
      throw Fields.expected("a batch of tasks (a list)", payload);
    }
    List<PickleNode> items = list.items();
    if (items.isEmpty()) {
      throw new PickleException("expected a batch of tasks, found none in it");
    }
    Crumbs crumbs = new Crumbs();
    List<WireTask> tasks = new ArrayList<>(items.size());
    for (PickleNode item : items) {
      tasks.add(task(item, crumbs, PickledValue.part(frame, tasks.size())));
    }
    return tasks;
  }

  private static WireTask task(PickleNode node, Crumbs crumbs, PickledValue value) {
    if (!(node instanceof InstanceNode made)
        || !made.isOf(Names.TASK)
        || !(made.state() instanceof DictNode state)) {
      throw Fields.expected("a RuntimeTask", node);
    }
    return new WireTask(
        Fields.address(state.get("return_address"), "the return address of a task"),
        Fields.number(state.get("comp_task_id"), "the compilation of a task"),
        crumbs.of(state.get("breadcrumbs")),
        value);
  }

  /// The breadcrumbs that were read last: all tasks of a batch have the same.
  private static final class Crumbs {
    private @Nullable PickleNode node;
    private List<WireAddress> addresses = List.of();

    /// The same node is the same tuple in Python; that is what makes the comparison cheap.
    @SuppressWarnings("ReferenceEquality")
    List<WireAddress> of(@Nullable PickleNode breadcrumbs) {
      if (breadcrumbs == null || breadcrumbs != node) {
        List<WireAddress> all = new ArrayList<>();
        for (PickleNode address : Fields.list(breadcrumbs, "the breadcrumbs of a task")) {
          all.add(Fields.address(address, "a breadcrumb of a task"));
        }
        addresses = List.copyOf(all);
        node = breadcrumbs;
      }
      return addresses;
    }
  }

  private static WireResult result(PickleNode node, PickledValue value) {
    List<PickleNode> parts = resultParts(node);
    return new WireResult(
        Fields.address(parts.get(0), "the address of a result"),
        Fields.number(parts.get(2), "the worker of a result"),
        value);
  }

  private static List<PickleNode> resultParts(PickleNode node) {
    if (!(node instanceof InstanceNode made) || !made.isOf(Names.RESULT)) {
      throw Fields.expected("a RuntimeResult", node);
    }
    return Fields.tuple(made.arguments(), 3, "a result");
  }

  private static PickledValue value(PickleNode node) {
    return PickledValue.of(PickleWriter.write(node));
  }

  /// What a task returned: the `result` within its `RuntimeResult`, alone.
  public PickledValue returned(WireResult result) {
    return value(resultParts(tree(result.value())).get(1));
  }

  private PickleNode tree(PickledValue value) {
    PickleNode tree = value.tree();
    return tree == null ? PickleReader.read(value.toBytes(), limits) : tree;
  }

  // ---- writing

  /// The frame that tells a manager.
  public Pickle write(ToManager message) {
    return switch (message) {
      case ToManager.Connect(long lower, long upper) ->
          message(RuntimeMessage.CONNECT, new TupleNode(new Int(lower), new Int(upper)));
      case ToManager.Submit(List<WireTask> tasks) ->
          batch(tasks.stream().map(WireTask::value).toList());
      case ToManager.Result(WireResult result) -> message(RuntimeMessage.RESULT, result.value());
      case ToManager.Cancel(WireAddress address) ->
          message(RuntimeMessage.CANCEL, address(address));
      case ToManager.Communicate(PickledValue payload) ->
          message(RuntimeMessage.COMMUNICATE, payload);
      case ToManager.ImportPath(List<String> paths) ->
          message(
              RuntimeMessage.IMPORTPATH, new ListNode(paths.stream().map(TextNode::new).toList()));
      case ToManager.Shutdown() -> message(RuntimeMessage.SHUTDOWN, Constant.NONE);
    };
  }

  /// The frame that tells a client.
  public Pickle write(ToClient message) {
    return switch (message) {
      case ToClient.Ready() -> message(RuntimeMessage.READY, Constant.NONE);
      case ToClient.Failure(String text) -> message(RuntimeMessage.ERROR, new TextNode(text));
      case ToClient.Result(PickledValue result) -> message(RuntimeMessage.RESULT, result);
      case ToClient.Status(ToClient.CompilationStatus status) ->
          message(
              RuntimeMessage.STATUS, InstanceNode.call(Names.STATUS, new Int(status.ordinal())));
      case ToClient.Log(PickledValue logRecord) ->
          message(RuntimeMessage.LOG, new BytesNode(logRecord.toBytes()));
      case ToClient.Cancel() -> message(RuntimeMessage.CANCEL, Constant.NONE);
    };
  }

  static InstanceNode address(WireAddress address) {
    return InstanceNode.of(
        Names.ADDRESS,
        new Int(address.worker()),
        new Int(address.mailbox()),
        new Int(address.slot()));
  }

  private static Pickle message(RuntimeMessage kind, PickleNode payload) {
    return PickleWriter.write(
        new TupleNode(InstanceNode.call(Names.MESSAGE, new Int(kind.ordinal())), payload));
  }

  /// A batch that came as it goes out is passed on as it is; of another one, what its tasks share
  /// is written once.
  private static Pickle batch(List<PickledValue> tasks) {
    PickleFrame frame = PickledValue.commonFrame(tasks);
    if (frame != null) {
      return frame.whole();
    }
    List<PickleNode> trees = new ArrayList<>(tasks.size());
    for (PickledValue task : tasks) {
      PickleNode tree = task.tree();
      if (tree == null) {
        return PickleSplice.messageOfList(
            Names.MESSAGE,
            RuntimeMessage.SUBMIT_BATCH.ordinal(),
            tasks.stream().map(PickledValue::pickle).toList());
      }
      trees.add(tree);
    }
    return message(RuntimeMessage.SUBMIT_BATCH, new ListNode(trees));
  }

  private static Pickle message(RuntimeMessage kind, PickledValue payload) {
    PickleFrame frame = PickledValue.commonFrame(List.of(payload));
    return frame != null
        ? frame.whole()
        : PickleSplice.message(Names.MESSAGE, kind.ordinal(), payload.pickle());
  }
}
