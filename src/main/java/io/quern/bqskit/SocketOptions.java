package io.quern.bqskit;

import java.io.IOException;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/// How connections notice that the other side has gone without a word.
final class SocketOptions {
  private static final int PROBES = 3;

  private SocketOptions() {}

  /// Turns on probes of an idle connection, so that it is given up about `timeout` after the other
  /// side has gone.
  static void set(Socket socket, Duration timeout) throws IOException {
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    int seconds = (int) Math.max(1, timeout.toSeconds() / (PROBES + 1));
    if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, seconds);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, seconds);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
    }
    UserTimeout.set(socket, timeout);
  }
}
