package io.quern.web.security;

import io.quern.web.security.AccessProperties.Access;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
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
    byte[] digest = sha256(token);
    Caller found = null;
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.digest, digest)) {
        found = entry.caller;
      }
    }
    return found;
  }

  /// A random token of 256 bits needs no slow hash.
  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  record Caller(String tenant, Set<Access> access) {}

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
