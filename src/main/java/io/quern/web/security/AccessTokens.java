package io.quern.web.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/// Bearer tokens: 256 random bits in base64url behind the prefix `quern_`, by which scanners for
/// leaked secrets know them. A random token needs no slow hash; SHA-256 keeps it out of the
/// configuration.
public final class AccessTokens {
  private static final int BYTES = 32;

  private AccessTokens() {}

  /// Makes a new token.
  public static String generate(SecureRandom random) {
    byte[] secret = new byte[BYTES];
    random.nextBytes(secret);
    return "quern_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  /// What the configuration holds of a token: SHA-256 in hexadecimal.
  public static String sha256(String token) {
    return HexFormat.of().formatHex(digest(token));
  }

  static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
