package io.quern.blocks;

import io.quern.engine.compile.Compilation;
import io.quern.link.LinkContext;
import io.quern.link.LinkSecurity;
import io.quern.link.LinkSettings;
import io.quern.manager.ManagerNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// A manager that knows [Block]s, without Spring around it, so that many of them start quickly.
///
///     java ... io.quern.blocks.BlockManager NAME BOSS WORKERS LISTEN
///
/// LISTEN is a port, or -1 for none.
public final class BlockManager {
  private BlockManager() {}

  public static void main(String[] args) throws Exception {
    int listen = Integer.parseInt(args[3]);
    ManagerNode node =
        ManagerNode.start(
            new ManagerNode.Settings(
                args[0],
                false,
                Integer.parseInt(args[2]),
                args[1],
                listen < 0 ? null : new InetSocketAddress(InetAddress.getLoopbackAddress(), listen),
                List.of()),
            new LinkContext(
                args[0],
                Compilation.VERSION,
                BlockRoot.functions(),
                LinkSettings.DEFAULT,
                LinkSecurity.NONE,
                List.of()),
            InstantSource.system());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(node)));
    Thread.currentThread().join();
  }

  private static void leave(ManagerNode node) {
    try {
      node.drain(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    node.close();
  }
}
