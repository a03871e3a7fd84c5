package io.quern.protocol.encoding;

/// A hello of somebody who speaks another version of the protocol.
public final class OtherProtocolException extends MalformedFrameException {
  private static final long serialVersionUID = 1L;

  OtherProtocolException(int spoken) {
    super("expected protocol " + Hello.PROTOCOL + ", the other side speaks " + spoken);
  }
}
