package io.quern.node;

import io.quern.link.GrpcLink;
import io.quern.link.LinkContext;
import io.quern.link.LinkSecurity;
import io.quern.link.LinkServer;
import io.quern.manager.Isolation;
import io.quern.protocol.encoding.Hello;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Worker processes for tasks that may end whoever runs them, each started when it is needed. They
/// dial a port of their own, on loopback and with a token that only they know, which is opened with
/// the first of them. They end when they are told to, and with this process.
public final class CellProcesses implements Isolation.Spawner, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CellProcesses.class);
  private static final int TOKEN_BYTES = 24;

  /// Settings of the command line that they are given others for.
  private static final List<String> OWN = List.of("--quern.link.name=");

  /// Processes that share the machine's memory: this one and two of these.
  private static final int SHARE = 3;

  private final LinkContext context;
  private final List<String> settings;
  private final Supplier<List<String>> program;
  private final String joinToken;
  private final List<Process> running = new ArrayList<>();

  /// Who waits for which process to join, by the process's name.
  private final Map<String, Consumer<GrpcLink>> awaited = new ConcurrentHashMap<>();

  private @Nullable LinkServer door;
  private int counter;
  private boolean isClosed;

  /// @param context of the links of this process
  /// @param labels what the slots in this process offer, and so theirs too
  /// @param settings of this process's command line that they need too
  public CellProcesses(LinkContext context, List<String> labels, List<String> settings) {
    this(context, labels, settings, () -> WorkerProcesses.java(SHARE));
  }

  /// @param program the start of a command line, up to its own arguments
  CellProcesses(
      LinkContext context,
      List<String> labels,
      List<String> settings,
      Supplier<List<String>> program) {
    this.program = program;
    this.settings =
        settings.stream().filter(each -> OWN.stream().noneMatch(each::startsWith)).toList();
    byte[] token = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(token);
    joinToken = HexFormat.of().formatHex(token);
    this.context =
        new LinkContext(
            context.name(),
            context.engineVersion(),
            context.functions(),
            context.settings(),
            new LinkSecurity(null, null, false, false, joinToken),
            labels);
  }

  @Override
  public void spawn(int slots, Consumer<GrpcLink> whenJoined) {
    Thread.ofVirtual().name("quern-cell-start").start(() -> start(slots, whenJoined));
  }

  private synchronized void start(int slots, Consumer<GrpcLink> whenJoined) {
    if (isClosed) {
      return;
    }
    String name = "cell-" + ++counter;
    try {
      if (door == null) {
        door =
            LinkServer.start(
                context, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new Door());
      }
      List<String> command = program.get();
      command.addAll(
          WorkerProcesses.arguments("127.0.0.1:" + door.port(), slots, context.labels(), settings));
      command.add("--quern.manager.cell=true");
      command.add("--quern.link.name=" + name);
      awaited.put(name, whenJoined);
      Process process = WorkerProcesses.launch(command, joinToken);
      running.add(process);
      log.info("{} (pid {}) is started for a task that may end processes", name, process.pid());
      CompletableFuture<Void> ignored = process.onExit().thenAccept(ended -> ended(name, ended));
    } catch (IOException e) {
      awaited.remove(name);
      log.error("{} cannot be started", name, e);
    }
  }

  private synchronized void ended(String name, Process process) {
    running.remove(process);
    awaited.remove(name);
    log.info("{} (pid {}) has ended with status {}", name, process.pid(), process.exitValue());
  }

  private final class Door implements LinkServer.Acceptor {
    @Override
    public @Nullable String refusal(Hello peer) {
      return peer.isCell() && awaited.containsKey(peer.name())
          ? null
          : "expected a process that was started from here, found " + peer.name();
    }

    @Override
    public void accept(GrpcLink link) {
      Consumer<GrpcLink> whenJoined = awaited.remove(link.peer().name());
      if (whenJoined == null) {
        link.close();
      } else {
        whenJoined.accept(link);
      }
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    running.forEach(Process::destroyForcibly);
    LinkServer open = door;
    if (open != null) {
      open.close();
    }
  }
}
