package io.quern.web.security;

import io.quern.web.security.AccessProperties.Access;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The configured tokens, by their hashes.
final class TokenRegistry {
  private final List<Entry> entries;

  TokenRegistry(AccessProperties properties) {
    entries =
        properties.tokens().stream()
            .map(
                token ->
                    new Entry(
                        HexFormat.of().parseHex(token.sha256()),
                        new Caller(token.tenant(), token.access())))
            .toList();
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /// Whose token this is, null if nobody's. Compares with every entry in constant time, so the time
  /// taken says nothing about how near a guess is.
  @Nullable Caller find(String token) {
    byte[] digest = AccessTokens.digest(token);
    Caller found = null;
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.digest, digest)) {
        found = entry.caller;
      }
    }
    return found;
  }

  record Caller(String tenant, Access access) {}

  /// A class, not a record: it owns an array.
  private static final class Entry {
    private final byte[] digest;
    private final Caller caller;

    Entry(byte[] digest, Caller caller) {
      this.digest = digest;
      this.caller = caller;
    }
  }
}
