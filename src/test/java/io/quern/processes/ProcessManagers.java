package io.quern.processes;

import io.quern.engine.compile.Compilation;
import io.quern.link.LinkContext;
import io.quern.link.LinkSecurity;
import io.quern.link.LinkSettings;
import io.quern.manager.ManagerNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// A process of managers that know the functions of a [ProcessRoot], each with a link of its own;
/// without Spring around them, so that many of them start quickly.
///
///     java ... io.quern.processes.ProcessManagers NAME BOSS WORKERS LISTEN MANAGERS
///
/// LISTEN is a port of the first, or -1 for none.
public final class ProcessManagers {
  private ProcessManagers() {}

  public static void main(String[] args) throws Exception {
    int listen = Integer.parseInt(args[3]);
    int managers = Integer.parseInt(args[4]);
    List<ManagerNode> nodes = new ArrayList<>();
    for (int i = 1; i <= managers; i++) {
      String name = managers == 1 ? args[0] : args[0] + "-" + i;
      nodes.add(
          ManagerNode.start(
              new ManagerNode.Settings(
                  name,
                  false,
                  Integer.parseInt(args[2]),
                  args[1],
                  listen < 0 || i > 1
                      ? null
                      : new InetSocketAddress(InetAddress.getLoopbackAddress(), listen),
                  List.of()),
              new LinkContext(
                  name,
                  Compilation.VERSION,
                  ProcessRoot.ofThisProcess().functions(),
                  LinkSettings.DEFAULT,
                  LinkSecurity.NONE,
                  List.of()),
              InstantSource.system()));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> nodes.forEach(ProcessManagers::leave)));
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
