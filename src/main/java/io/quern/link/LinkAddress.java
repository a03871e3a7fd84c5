package io.quern.link;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// Where a node listens.
public final class LinkAddress {
  /// The port of Quern's own link.
  public static final int DEFAULT_PORT = 7470;

  private LinkAddress() {}

  /// The address to listen at.
  ///
  /// @param host null for all addresses with a join token, loopback without
  /// @throws IllegalArgumentException if the host is not known
  public static InetSocketAddress of(@Nullable String host, int port, @Nullable String joinToken) {
    try {
      if (host != null) {
        return new InetSocketAddress(InetAddress.getByName(host), port);
      }
      return joinToken == null
          ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
          : new InetSocketAddress(port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no such address: " + host, e);
    }
  }
}
