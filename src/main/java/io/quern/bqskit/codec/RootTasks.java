package io.quern.bqskit.codec;

import io.quern.bqskit.pickle.BytesNode;
import io.quern.bqskit.pickle.DictNode;
import io.quern.bqskit.pickle.InstanceNode;
import io.quern.bqskit.pickle.ListNode;
import io.quern.bqskit.pickle.Pickle;
import io.quern.bqskit.pickle.PickleNode.Constant;
import io.quern.bqskit.pickle.PickleNode.Int;
import io.quern.bqskit.pickle.PickleSplice;
import io.quern.bqskit.pickle.TextNode;
import io.quern.bqskit.pickle.TupleNode;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireTask;
import java.util.List;

/// Makes the root runtime tasks of compilations, for which the original's server needs Python.
public final class RootTasks {
  // Shared, so that a batch has them once.
  private static final TextNode TASK_ID = TextNode.shared("task_id");
  private static final TextNode SERIALIZED_FNARGS = TextNode.shared("serialized_fnargs");
  private static final TextNode FNARGS = TextNode.shared("_fnargs");
  private static final TextNode NAME = TextNode.shared("_name");
  private static final TextNode RETURN_ADDRESS = TextNode.shared("return_address");
  private static final TextNode LOGGING_LEVEL = TextNode.shared("logging_level");
  private static final TextNode COMP_TASK_ID = TextNode.shared("comp_task_id");
  private static final TextNode BREADCRUMBS = TextNode.shared("breadcrumbs");
  private static final TextNode MAX_LOGGING_DEPTH = TextNode.shared("max_logging_depth");
  private static final TextNode CORO = TextNode.shared("coro");
  private static final TextNode DESIRED_BOX_ID = TextNode.shared("desired_box_id");
  private static final TextNode OWNED_MAILBOXES = TextNode.shared("owned_mailboxes");
  private static final TextNode WAKE_ON_NEXT = TextNode.shared("wake_on_next");
  private static final TextNode LOG_CONTEXT = TextNode.shared("log_context");
  private static final TextNode MSG_BUFFER = TextNode.shared("msg_buffer");

  private RootTasks() {}

  /// The runtime task that runs a `CompilationTask`: its call is what dill would write of
  /// `(CompilationTask.run, (task,), {})`.
  ///
  /// @param compilationTask as it was read
  /// @param mailbox the server's mailbox for its result
  /// @param loggingLevel Python's number; 0 for everything
  /// @param maxLoggingDepth -1 for any depth
  public static WireTask rootTask(
      PickledValue compilationTask, long mailbox, int loggingLevel, int maxLoggingDepth) {
    Pickle call = PickleSplice.call(Names.RUN_COMPILATION, compilationTask.pickle());
    return make(call, "run", mailbox, loggingLevel, maxLoggingDepth);
  }

  /// The runtime task that carries out a call.
  ///
  /// @param call the pickle of `(function, arguments, keywords)`, as of [PythonSource#call]
  /// @param mailbox the server's mailbox for its result
  /// @param loggingLevel Python's number; 0 for everything
  /// @param maxLoggingDepth -1 for any depth
  public static WireTask ofCall(
      PickledValue call, long mailbox, int loggingLevel, int maxLoggingDepth) {
    return make(call.pickle(), "compile_circuit", mailbox, loggingLevel, maxLoggingDepth);
  }

  private static WireTask make(
      Pickle call, String name, long mailbox, int loggingLevel, int maxLoggingDepth) {
    WireAddress address = WireAddress.root(mailbox);
    DictNode state =
        new DictNode()
            .with(TASK_ID, new Int(1))
            .with(SERIALIZED_FNARGS, new BytesNode(call.toBytes()))
            .with(FNARGS, Constant.NONE)
            .with(NAME, new TextNode(name))
            .with(RETURN_ADDRESS, WireCodec.address(address))
            .with(LOGGING_LEVEL, new Int(loggingLevel))
            .with(COMP_TASK_ID, new Int(mailbox))
            .with(BREADCRUMBS, new TupleNode())
            .with(MAX_LOGGING_DEPTH, new Int(maxLoggingDepth))
            .with(CORO, Constant.NONE)
            .with(DESIRED_BOX_ID, Constant.NONE)
            .with(OWNED_MAILBOXES, new ListNode(List.of()))
            .with(WAKE_ON_NEXT, Constant.FALSE)
            .with(LOG_CONTEXT, new DictNode())
            .with(MSG_BUFFER, new ListNode(List.of()));
    return new WireTask(
        address, mailbox, List.of(), PickledValue.of(InstanceNode.withState(Names.TASK, state)));
  }
}
