package io.quern.node;

import io.quern.engine.compile.Compilation;
import io.quern.link.LinkContext;
import io.quern.link.LinkSecurity;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.task.RuntimeFunctions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/// Makes what the links of a process have in common from its settings.
public final class Links {
  private Links() {}

  /// @param labels what the slots in this process offer
  public static LinkContext context(
      LinkProperties properties, @Nullable SslBundles bundles, List<String> labels) {
    return context(properties, bundles, labels, false);
  }

  /// @param labels what the slots in this process offer
  /// @param isCell whether it was started for a task that may end whoever runs it
  static LinkContext context(
      LinkProperties properties,
      @Nullable SslBundles bundles,
      List<String> labels,
      boolean isCell) {
    return new LinkContext(
        name(properties),
        Compilation.VERSION,
        FunctionRegistry.of(RuntimeFunctions.all()),
        properties.settings(),
        security(properties, bundles),
        labels,
        isCell);
  }

  private static String name(LinkProperties properties) {
    if (properties.name() != null) {
      return properties.name();
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "pid-" + ProcessHandle.current().pid();
    }
  }

  private static LinkSecurity security(LinkProperties properties, @Nullable SslBundles bundles) {
    String token = properties.joinToken();
    String joinToken = token == null || token.isBlank() ? null : token.strip();
    String bundleName = properties.sslBundle();
    if (bundleName == null || bundleName.isBlank()) {
      if (properties.clientCertificates()) {
        throw new IllegalArgumentException(
            "quern.link.client-certificates needs quern.link.ssl-bundle");
      }
      return new LinkSecurity(null, null, false, false, joinToken);
    }
    SslBundle bundle =
        Objects.requireNonNull(bundles, "SSL bundles are not configured").getBundle(bundleName);
    return new LinkSecurity(
        bundle.getKey().getAlias() == null && bundle.getStores().getKeyStore() == null
            ? null
            : bundle.getManagers().getKeyManagerFactory(),
        bundle.getManagers().getTrustManagerFactory(),
        true,
        properties.clientCertificates(),
        joinToken);
  }
}
