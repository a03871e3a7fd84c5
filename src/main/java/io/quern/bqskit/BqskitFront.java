package io.quern.bqskit;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.quern.bqskit.codec.WireCodec;
import io.quern.server.QuernServer;
import io.quern.task.CompilationTask;
import io.quern.task.RecordWriter;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// BQSKit's wire as part of the service: the loop, the port for clients, and the managers that are
/// dialled. It starts after the server, whose epoch it shares, and stops before it.
public final class BqskitFront implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(BqskitFront.class);
  private static final Duration FAREWELL = Duration.ofSeconds(5);
  private static final Duration STORE_RETRY = Duration.ofMillis(500);

  private record Run(BqskitLoop loop, @Nullable ClientListener clients) {}

  private final BqskitProperties properties;
  private final QuernServer server;
  private final TaskStore store;
  private final RecordWriter writer;
  private final WireCodec clientCodec;
  private final WireCodec managerCodec;
  private final List<ManagerDialler> diallers = new CopyOnWriteArrayList<>();
  private volatile @Nullable Run run;

  BqskitFront(
      BqskitProperties properties,
      QuernServer server,
      TaskStore store,
      RecordWriter writer,
      WireCodec clientCodec,
      WireCodec managerCodec) {
    this.properties = properties;
    this.server = server;
    this.store = store;
    this.writer = writer;
    this.clientCodec = clientCodec;
    this.managerCodec = managerCodec;
  }

  @Override
  public void start() {
    TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();
    BqskitServer core =
        new BqskitServer(
            new BqskitServer.Settings(
                properties.tenant(),
                server.epoch(),
                server.queueLimit(),
                properties.keepOrphans(),
                STORE_RETRY,
                properties.poisonManagers(),
                properties.results().toBytes(),
                properties.messages().toBytes(),
                ImportPaths.parse(properties.forwardImportPaths()),
                server.epoch()),
            new PickledPython(managerCodec),
            () -> new TaskId(ids.generate()));
    BqskitLoop loop =
        new BqskitLoop(
            core,
            store,
            properties.tenant(),
            writer,
            InstantSource.system(),
            clientCodec,
            managerCodec,
            properties.buffer().toBytes());
    int[] unfinished = new int[1];
    store.forEachUnfinishedPython(
        task -> {
          unfinished[0]++;
          loop.tell(new BqskitEvent.Recovered(task));
        });
    loop.start();
    if (unfinished[0] > 0) {
      log.info("{} unfinished tasks wait for a bqskit-manager", unfinished[0]);
    }
    ClientListener clients = null;
    if (properties.clientPort() >= 0) {
      try {
        clients = new ClientListener(loop.clients(), properties);
      } catch (IOException e) {
        loop.close();
        throw new UncheckedIOException(
            "expected a free address for quern.bqskit.client-port, found %s:%d: %s"
                .formatted(properties.bind(), properties.clientPort(), e.getMessage()),
            e);
      }
    }
    run = new Run(loop, clients);
    properties.managers().forEach(this::connectToManager);
  }

  /// Dials a manager for as long as the server runs.
  ///
  /// @param address `host` or `host:port`
  /// @throws IllegalArgumentException if it is neither
  /// @return whether it is new
  public boolean connectToManager(String address) {
    ManagerAddress parsed = ManagerAddress.parse(address);
    Run current = run;
    if (current == null) {
      return false;
    }
    synchronized (diallers) {
      if (diallers.stream().anyMatch(each -> each.address().equals(parsed))) {
        return false;
      }
      diallers.add(new ManagerDialler(parsed, current.loop().managers(), properties));
      return true;
    }
  }

  /// Addresses of the managers that are dialled.
  public List<String> dialled() {
    return diallers.stream().map(each -> each.address().toString()).toList();
  }

  /// The port for clients; 0 if there is none.
  public int clientPort() {
    Run current = run;
    return current == null || current.clients() == null ? 0 : current.clients().port();
  }

  /// The numbers of this moment; null while it does not run.
  public @Nullable BqskitStatistics statistics() {
    Run current = run;
    return current == null ? null : current.loop().statistics();
  }

  /// Takes in a task of the tasks API for BQSKit's managers.
  CompletableFuture<SubmitAnswer> submit(NewTask task) {
    Run current = run;
    if (current == null) {
      return CompletableFuture.completedFuture(new SubmitAnswer.Draining());
    }
    return current.loop().submit(task, BqskitCompilation.call(task.submission()));
  }

  /// Cancels a task that BQSKit's managers carry out.
  CompletableFuture<@Nullable CompilationTask> cancel(String tenant, TaskId task) {
    Run current = run;
    return current == null
        ? CompletableFuture.completedFuture(store.find(task))
        : current.loop().cancel(tenant, task);
  }

  @Override
  public void stop() {
    Run current = run;
    if (current == null) {
      return;
    }
    if (current.clients() != null) {
      current.clients().close();
    }
    diallers.forEach(ManagerDialler::stopDialling);
    try {
      current.loop().shutDownManagers(FAREWELL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    diallers.forEach(ManagerDialler::close);
    diallers.clear();
    current.loop().close();
    run = null;
  }

  @Override
  public boolean isRunning() {
    return run != null;
  }

  /// After the server's start, before its stop; requests are served later.
  @Override
  public int getPhase() {
    return 1;
  }
}
