package io.quern.bqskit;

import java.util.UUID;

/// How the ids that clients of BQSKit's wire choose are kept: as idempotency keys, which already
/// name one task each and go with it. No header of a request can hold such a key.
public final class ClientIds {
  private static final String PREFIX = "\u0001bqskit ";

  private ClientIds() {}

  /// The key that stands for an id.
  public static String key(UUID clientId) {
    return PREFIX + clientId;
  }
}
