package io.quern.bqskit;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/// How connections notice that the other side has gone without a word.
final class SocketOptions {
  private static final int PROBES = 3;

  private SocketOptions() {}

  /// Prepares a port: what it accepts has its user time-out, which is too dear to be set for each.
  static void set(ServerSocketChannel port, Duration timeout) throws IOException {
    UserTimeout.set(port, timeout);
  }

  /// Prepares a connection that was accepted.
  static void setAccepted(SocketChannel channel, Duration timeout) throws IOException {
    setProbes(channel, timeout);
  }

  /// Prepares a connection that was dialled.
  static void setDialled(SocketChannel channel, Duration timeout) throws IOException {
    setProbes(channel, timeout);
    UserTimeout.set(channel, timeout);
  }

  /// Turns on probes of an idle connection, so that it is given up about `timeout` after the other
  /// side has gone.
  private static void setProbes(SocketChannel channel, Duration timeout) throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    int seconds = (int) Math.max(1, timeout.toSeconds() / (PROBES + 1));
    if (channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
      channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, seconds);
      channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, seconds);
      channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
    }
  }
}
