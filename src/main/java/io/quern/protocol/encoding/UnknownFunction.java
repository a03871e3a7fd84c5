package io.quern.protocol.encoding;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import java.util.function.Function;

/// Stands for a function that this node does not have: its tasks can be passed on, not run.
record UnknownFunction(String name, int version) implements RuntimeFunction<Object, Object> {

  @Override
  public Object run(Object argument, RuntimeHandle runtime) {
    throw new QuernException(ErrorCode.INTERNAL, "this node does not know the function " + name);
  }

  /// How an argument or result of such a function is read: nobody here can.
  static Function<byte[], Object> reader() {
    return UnknownFunction::unreadable;
  }

  private static Object unreadable(byte[] bytes) {
    throw new MalformedFrameException(
        "this node does not know the form of " + bytes.length + " bytes");
  }
}
