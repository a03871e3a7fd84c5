package io.quern.link;

import java.time.Duration;

/// How links between processes behave.
///
/// @param heartbeat time without anything to say after which a sign of life is sent
/// @param dead time without anything heard after which the other side counts as gone
/// @param maxFrame bytes of a frame; larger messages go in chunks
/// @param maxPayload bytes of one message; a runtime task whose argument or result is larger fails
/// @param maxWaiting messages that may wait to be sent; a peer that takes no more is cut off
public record LinkSettings(
    Duration heartbeat, Duration dead, int maxFrame, int maxPayload, int maxWaiting) {
  public static final LinkSettings DEFAULT =
      new LinkSettings(
          Duration.ofMillis(500), Duration.ofMillis(2_500), 4 << 20, 1 << 30, 4_000_000);
}
