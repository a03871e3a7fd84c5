package io.quern.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// Ports of this machine on which nobody listens at the moment.
public final class FreePorts {
  private FreePorts() {}

  public static int one() {
    return find(1)[0];
  }

  /// So many different ones.
  public static int[] find(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      try {
        for (int i = 0; i < count; i++) {
          sockets.add(new ServerSocket(0));
        }
        return sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
      } finally {
        for (ServerSocket socket : sockets) {
          socket.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
