package io.quern.link;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Who may join.
///
/// @param keys this side's certificate; null for none
/// @param trust whose certificates are taken; null for what Java trusts
/// @param isTls whether links are encrypted
/// @param needsClientCertificate whether who dials must show a certificate too
/// @param joinToken what who dials must know; null where only this machine can dial
public record LinkSecurity(
    @Nullable KeyManagerFactory keys,
    @Nullable TrustManagerFactory trust,
    boolean isTls,
    boolean needsClientCertificate,
    @Nullable String joinToken) {
  /// Nobody is asked for anything: for links that do not leave the machine.
  public static final LinkSecurity NONE = new LinkSecurity(null, null, false, false, null);

  /// Whether a caller who showed this header may join.
  boolean admits(@Nullable String authorization) {
    if (joinToken == null) {
      return true;
    }
    // In constant time, so that nobody can feel his way forward.
    return authorization != null
        && MessageDigest.isEqual(
            authorization.getBytes(StandardCharsets.UTF_8),
            header(joinToken).getBytes(StandardCharsets.UTF_8));
  }

  static String header(String joinToken) {
    return "Bearer " + joinToken;
  }

  /// Without the secrets.
  @Override
  public String toString() {
    return (isTls ? needsClientCertificate ? "mutual TLS" : "TLS" : "not encrypted")
        + (joinToken == null ? ", no join token" : ", join token");
  }
}
