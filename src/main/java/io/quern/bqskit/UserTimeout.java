package io.quern.bqskit;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TCP's user time-out (RFC 5482): how long sent data may stay unacknowledged before the connection
/// is given up. Probes do not help there, since none are sent while data is on its way. Java has no
/// option for it, so it is set by the C library, on Linux only; elsewhere the system's own patience
/// counts.
final class UserTimeout {
  private static final Logger log = LoggerFactory.getLogger(UserTimeout.class);
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_USER_TIMEOUT = 18;
  private static final @Nullable MethodHandle SETSOCKOPT = setsockopt();

  private UserTimeout() {}

  @SuppressWarnings(
      "restricted") // a call of the C library with arguments checked by the socket itself
  private static @Nullable MethodHandle setsockopt() {
    if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("setsockopt")
        .map(
            address ->
                linker.downcallHandle(
                    address,
                    FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT)))
        .orElse(null);
  }

  /// Sets it for a connection, where that is possible.
  ///
  /// @return whether it was
  static boolean set(SocketChannel channel, Duration timeout) throws IOException {
    return channel.getLocalAddress() instanceof InetSocketAddress local
        && channel.getRemoteAddress() instanceof InetSocketAddress remote
        && set(local.getPort(), remote.getPort(), timeout);
  }

  /// Sets it for a port, where that is possible: the connections it accepts have it too.
  ///
  /// @return whether it was
  static boolean set(ServerSocketChannel port, Duration timeout) throws IOException {
    return port.getLocalAddress() instanceof InetSocketAddress local
        && set(local.getPort(), 0, timeout);
  }

  private static boolean set(int localPort, int remotePort, Duration timeout) {
    MethodHandle call = SETSOCKOPT;
    if (call == null) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = descriptor(localPort, remotePort);
      if (descriptor < 0) {
        return false;
      }
      MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
      value.set(ValueLayout.JAVA_INT, 0, (int) Math.min(Integer.MAX_VALUE, timeout.toMillis()));
      int failed =
          (int) call.invokeExact(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, value, Integer.BYTES);
      return failed == 0;
    } catch (IOException e) {
      log.debug("a socket's descriptor cannot be found", e);
      return false;
    } catch (Throwable e) {
      throw new IllegalStateException("setsockopt cannot be called", e);
    }
  }

  /// The process's descriptor of a socket, found by the kernel's table of connections; -1 if it is
  /// not there. Reads all connections and descriptors there are: not for each client.
  ///
  /// @param remotePort 0 for a port that listens
  private static int descriptor(int localPort, int remotePort) throws IOException {
    String inode = inode(localPort, remotePort);
    if (inode == null) {
      return -1;
    }
    String target = "socket:[" + inode + "]";
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path each : descriptors) {
        if (isLinkTo(each, target)) {
          return Integer.parseInt(each.getFileName().toString());
        }
      }
    }
    return -1;
  }

  private static boolean isLinkTo(Path link, String target) {
    try {
      return Files.readSymbolicLink(link).toString().equals(target);
    } catch (IOException _) {
      // Closed meanwhile.
      return false;
    }
  }

  private static @Nullable String inode(int localPort, int remotePort) throws IOException {
    String local = ":%04X".formatted(localPort);
    String remote = ":%04X".formatted(remotePort);
    for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      Path path = Path.of(table);
      if (!Files.exists(path)) {
        continue;
      }
      for (String line : Files.readAllLines(path)) {
        // Of several connections between the same ports (on other addresses) any may be taken:
        // all of them are this service's, or the descriptor is not found.
        String[] fields = line.strip().split("\\s+");
        if (fields.length > 9
            && fields[1].endsWith(local)
            && fields[2].endsWith(remote)
            && !fields[9].equals("0")) {
          return fields[9];
        }
      }
    }
    return null;
  }
}
