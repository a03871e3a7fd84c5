package io.quern.protocol.encoding;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.failure.ErrorCode;
import io.quern.protocol.EncodedValue;
import io.quern.protocol.Failure;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.Blob;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads how runtime tasks have ended: with results, which come in groups of one function, or with
/// a failure.
///
/// Results stay encoded until they are used, except those of compilations, which the server reads.
final class OutcomeDecoder {
  private final FunctionRegistry functions;
  private final Consumer<Message> messages;

  OutcomeDecoder(FunctionRegistry functions, Consumer<Message> messages) {
    this.functions = functions;
    this.messages = messages;
  }

  void results(WireReader in) {
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
        case 1 << 3 -> slot = in.rawSignedInt();
        case 2 << 3 -> attempt = in.rawCount();
        case 3 << 3 -> nanos = in.rawVarint();
        case 4 << 3 | WireWriter.LENGTH -> bytes = in.rawBytes();
        default -> in.skip(tag);
      }
    }
    Object value;
    if (entry == null) {
      value = new EncodedValue(Blob.of(bytes), UnknownFunction.reader());
    } else if (worker == RuntimeAddress.SERVER) {
      // Here rather than on the server's loop: circuits may be large.
      value = entry.result().fromBytes(bytes);
    } else {
      value = new EncodedValue(Blob.of(bytes), entry.result()::fromBytes);
    }
    RuntimeTaskId id = new RuntimeTaskId(new RuntimeAddress(worker, mailbox, slot), attempt);
    messages.accept(new Message.Result(id, completedBy, function, value, Math.max(0, nanos)));
  }

  void error(WireReader in) {
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
        case 1 << 3 | WireWriter.LENGTH -> task = CommonFields.run(in.nested());
        case 2 << 3 -> completedBy = in.rawZigzag();
        case 3 << 3 | WireWriter.LENGTH -> code = code(in.rawString());
        case 4 << 3 | WireWriter.LENGTH -> message = in.rawString();
        case 5 << 3 | WireWriter.LENGTH -> pass = CommonFields.text(in.nested());
        case 6 << 3 | WireWriter.LENGTH -> block = CommonFields.signedInt(in.nested());
        case 7 << 3 | WireWriter.LENGTH -> cause = CommonFields.text(in.nested());
        case 8 << 3 -> nanos = in.rawVarint();
        default -> in.skip(tag);
      }
    }
    Failure failure = new Failure(code, message, pass, block, cause);
    messages.accept(
        new Message.Error(CommonFields.required(task), completedBy, failure, Math.max(0, nanos)));
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
}
