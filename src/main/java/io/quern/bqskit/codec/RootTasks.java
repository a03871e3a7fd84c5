package io.quern.bqskit.codec;

import io.quern.bqskit.pickle.BytesNode;
import io.quern.bqskit.pickle.DictNode;
import io.quern.bqskit.pickle.InstanceNode;
import io.quern.bqskit.pickle.ListNode;
import io.quern.bqskit.pickle.Pickle;
import io.quern.bqskit.pickle.PickleNode.Constant;
import io.quern.bqskit.pickle.PickleNode.Int;
import io.quern.bqskit.pickle.PickleSplice;
import io.quern.bqskit.pickle.PickleWriter;
import io.quern.bqskit.pickle.TextNode;
import io.quern.bqskit.pickle.TupleNode;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireTask;
import java.util.List;

/// Makes the root runtime tasks of compilations, for which the original's server needs Python.
public final class RootTasks {
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
            .with("task_id", new Int(1))
            .with("serialized_fnargs", new BytesNode(call.toBytes()))
            .with("_fnargs", Constant.NONE)
            .with("_name", new TextNode(name))
            .with("return_address", WireCodec.address(address))
            .with("logging_level", new Int(loggingLevel))
            .with("comp_task_id", new Int(mailbox))
            .with("breadcrumbs", new TupleNode())
            .with("max_logging_depth", new Int(maxLoggingDepth))
            .with("coro", Constant.NONE)
            .with("desired_box_id", Constant.NONE)
            .with("owned_mailboxes", new ListNode(List.of()))
            .with("wake_on_next", Constant.FALSE)
            .with("log_context", new DictNode())
            .with("msg_buffer", new ListNode(List.of()));
    return new WireTask(
        address,
        mailbox,
        List.of(),
        PickledValue.of(PickleWriter.write(InstanceNode.withState(Names.TASK, state))));
  }
}
