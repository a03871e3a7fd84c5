package io.quern.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;

/// A wire between two processes that can be cut: nothing passes any more, and neither side is told.
public final class TcpProxy implements AutoCloseable {
  private final ServerSocket door;
  private final int target;
  private final Set<Socket> open = new HashSet<>();
  private volatile boolean isCut;

  private TcpProxy(int target) throws IOException {
    this.target = target;
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  public static TcpProxy to(int port) throws IOException {
    TcpProxy proxy = new TcpProxy(port);
    Thread.ofVirtual().start(proxy::serve);
    return proxy;
  }

  public int port() {
    return door.getLocalPort();
  }

  /// From now on bytes get lost, those of new connections too.
  public void cut() {
    isCut = true;
  }

  /// New connections pass again; those that were cut stay so.
  public void mend() throws IOException {
    closeAll();
    isCut = false;
  }

  private void serve() {
    try {
      while (true) {
        Socket near = door.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        synchronized (open) {
          open.add(near);
          open.add(far);
        }
        Thread.ofVirtual().start(() -> pass(near, far));
        Thread.ofVirtual().start(() -> pass(far, near));
      }
    } catch (IOException e) {
      // The door is closed.
      return;
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[1 << 16];
    boolean isLost = isCut;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        isLost |= isCut;
        if (!isLost) {
          out.write(buffer, 0, read);
        }
      }
    } catch (IOException e) {
      // One side is gone.
      isLost |= isCut;
    }
    if (!isLost && !isCut) {
      // The other is told by the end of its connection.
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void closeAll() throws IOException {
    synchronized (open) {
      for (Socket each : open) {
        each.close();
      }
      open.clear();
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    closeAll();
  }
}
