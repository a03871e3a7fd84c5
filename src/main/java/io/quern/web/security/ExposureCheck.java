package io.quern.web.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.springframework.core.env.Environment;

/// Refuses to start where everyone on the network could call without a token.
final class ExposureCheck {
  private static final List<String> ADDRESSES =
      List.of("server.address", "management.server.address");

  private ExposureCheck() {}

  static void check(TokenRegistry tokens, Environment environment) {
    if (!tokens.isEmpty()) {
      return;
    }
    for (String property : ADDRESSES) {
      String address = environment.getProperty(property);
      if (address != null && !isLoopback(address)) {
        throw new ExposedWithoutTokensException(property, address);
      }
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /// The service would listen on the network with no tokens configured.
  static final class ExposedWithoutTokensException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ExposedWithoutTokensException(String property, String address) {
      super(
          "expected a loopback address for %s while quern.tokens is empty, found %s"
              .formatted(property, address));
    }
  }
}
