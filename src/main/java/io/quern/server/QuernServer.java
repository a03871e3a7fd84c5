package io.quern.server;

import io.quern.engine.compile.Compilation;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.linalg.Matrices;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.link.GrpcLink;
import io.quern.link.InMemoryLink;
import io.quern.manager.Isolation;
import io.quern.manager.ManagerLoop;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.runtime.DetachedServer;
import io.quern.runtime.Event;
import io.quern.runtime.ServerSettings;
import io.quern.runtime.ServerStatistics;
import io.quern.task.CompilationTask;
import io.quern.task.RecordWriter;
import io.quern.task.Submission;
import io.quern.task.TaskExplanation;
import io.quern.task.TaskGateway;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// The running server: its core's loop, its in-process manager, and the order in which they start
/// and stop.
///
/// Start: a new epoch is committed, everything unfinished is queued again, then submissions are
/// welcome; web requests are served after that, since the web server starts in a later phase. Stop:
/// as soon as the context closes nothing new is accepted or started ([#drain]); running tasks may
/// finish for a while; the rest is in the store.
public final class QuernServer implements TaskGateway, SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(QuernServer.class);

  /// Beyond the drain: what the last commits may take.
  private static final Duration LAST_COMMITS = Duration.ofSeconds(5);

  /// What belongs to one run, from start to stop.
  ///
  /// @param epoch counts starts on this store
  /// @param manager null if the server runs no tasks itself
  private record Run(
      long epoch, ServerLoop loop, @Nullable ManagerLoop manager, Instant startedAt) {}

  private final RuntimeProperties properties;
  private final TaskStore store;
  private final StoredTasks tasks;
  private final InstantSource clock;
  private final ServerMeters meters;
  private final FunctionRegistry functions;
  private final Isolation isolation;
  private volatile @Nullable Run run;
  private volatile boolean isDraining;
  private volatile int awaitedManagers;

  /// @param root what every compilation task runs
  /// @param functions whose tasks may leave the process and whose results may be kept
  QuernServer(
      RuntimeProperties properties,
      TaskStore store,
      RecordWriter writer,
      RuntimeFunction<Submission, CompilationResult> root,
      FunctionRegistry functions,
      InstantSource clock,
      ServerMeters meters) {
    this(properties, store, writer, root, functions, clock, meters, Isolation.NONE);
  }

  /// @param isolation what is done about tasks that end the processes that run them
  QuernServer(
      RuntimeProperties properties,
      TaskStore store,
      RecordWriter writer,
      RuntimeFunction<Submission, CompilationResult> root,
      FunctionRegistry functions,
      InstantSource clock,
      ServerMeters meters,
      Isolation isolation) {
    this.isolation = isolation;
    this.functions = functions;
    this.properties = properties;
    this.store = store;
    this.clock = clock;
    this.meters = meters;
    tasks = new StoredTasks(store, writer, root, properties.submissions().toBytes());
    meters.watch(this);
  }

  @Override
  public void start() {
    long epoch = store.beginEpoch();
    boolean wasCutShort = store.wasCutShort(epoch - 1);
    ServerSettings settings =
        ServerSettings.builder()
            .queueLimit(properties.queue())
            .retryDelay(properties.storeRetry())
            .deadlineGrace(properties.deadlineGrace())
            .poisonDeaths(isolation.poisonDeaths())
            .labelGrace(properties.labelGrace())
            .reattachGrace(properties.reattachGrace())
            .wasCutShort(wasCutShort)
            .build();
    ServerLoop loop =
        new ServerLoop(
            "quern-server",
            new DetachedServer(epoch, settings),
            tasks,
            clock,
            properties.inbox(),
            meters);
    loop.start();
    int[] unfinished = new int[1];
    store.forEachUnfinished(
        task -> {
          unfinished[0]++;
          loop.tell(new Event.Recovered(task));
        });
    loop.tell(new Event.ManagersAwaited(awaitedManagers));
    loop.tell(new Event.DoorsOpened());
    ManagerLoop manager = null;
    if (properties.localManager()) {
      InMemoryLink.Pair link = InMemoryLink.pair();
      manager =
          ManagerLoop.start(
              "quern-manager",
              new ManagerLoop.Self(
                  "in this process", Compilation.VERSION, false, properties.labels()),
              properties.slots(),
              link.employee(),
              functions,
              clock,
              isolation);
      loop.open(link.boss(), "the manager in this process", null);
    }
    isDraining = false;
    run = new Run(epoch, loop, manager, clock.instant());
    log.info(
        "epoch {}: {} unfinished tasks queued again, {}",
        epoch,
        unfinished[0],
        manager == null
            ? "no workers here"
            : "%d workers, %s kernels".formatted(properties.slots(), Matrices.kernel().name()));
  }

  /// Takes a link to a manager elsewhere.
  void open(GrpcLink link) {
    Run current = run;
    if (current == null) {
      link.close();
    } else {
      current.loop().open(link, link.name(), link.introduction(clock.instant().toEpochMilli()));
    }
  }

  /// The number of this start; 0 before it.
  public long epoch() {
    Run current = run;
    return current == null ? 0 : current.epoch();
  }

  /// Who works for the server at this moment.
  List<ClusterNode> cluster() {
    Run current = run;
    return current == null ? List.of() : current.loop().cluster();
  }

  /// When it started; null while it does not run.
  @Nullable Instant startedAt() {
    Run current = run;
    return current == null ? null : current.startedAt();
  }

  /// So many of the managers that are dialled have not answered yet.
  void awaiting(int managers) {
    awaitedManagers = managers;
    Run current = run;
    if (current != null) {
      current.loop().tell(new Event.ManagersAwaited(managers));
    }
  }

  /// Managers elsewhere can join from now on; what they ran in an earlier life waits for them until
  /// the grace has passed.
  void managersMayJoin() {
    Run current = run;
    if (current != null) {
      current.loop().tell(new Event.ManagersMayJoin());
    }
  }

  /// Stops accepting and starting tasks, at once and without waiting for what runs.
  void drain() {
    Run current = run;
    if (current != null && !isDraining) {
      isDraining = true;
      current.loop().tell(new Event.DrainStarted(clock.instant().plus(properties.drain())));
      log.info(
          "draining: running tasks may finish for {} s, the rest runs after the next start",
          properties.drain().toSeconds());
    }
  }

  @Override
  public void stop() {
    Run current = run;
    if (current == null) {
      return;
    }
    drain();
    try {
      if (!current.loop().awaitStopped(properties.drain().plus(LAST_COMMITS))) {
        log.warn("the store has not taken everything within {}", LAST_COMMITS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (current.manager() != null) {
      current.manager().close();
    }
    current.loop().close();
    endEpoch(current.epoch());
    run = null;
  }

  /// What runs again after this was not executed by a process that ended by itself.
  private void endEpoch(long epoch) {
    try {
      store.endEpoch(epoch);
    } catch (RuntimeException e) {
      log.warn("the store does not take the end of epoch {}", epoch, e);
    }
  }

  @Override
  public boolean isRunning() {
    return run != null;
  }

  /// Before the web server starts, after it has stopped.
  @Override
  public int getPhase() {
    return 0;
  }

  @Override
  public CompletableFuture<SubmitAnswer> submit(NewTask task) {
    return submitAll(List.of(task), false).thenApply(List::getFirst);
  }

  @Override
  public CompletableFuture<List<SubmitAnswer>> submitAll(List<NewTask> submitted, boolean atomic) {
    Run current = run;
    if (current == null) {
      return CompletableFuture.completedFuture(
          submitted.stream().<SubmitAnswer>map(task -> new SubmitAnswer.Draining()).toList());
    }
    return answer(current, submitted, atomic)
        .whenComplete(
            (answers, failure) -> {
              if (answers != null) {
                answers.forEach(meters::answered);
              }
            });
  }

  /// What came before under its key needs no place in the queue; only the rest goes to the loop. A
  /// batch that is not the one its key came with first is turned away whole.
  private CompletableFuture<List<SubmitAnswer>> answer(
      Run current, List<NewTask> submitted, boolean atomic) {
    Map<TaskId, SubmitAnswer> before = new HashMap<>();
    for (NewTask task : submitted) {
      SubmitAnswer answer = answeredBefore(task);
      if (answer instanceof SubmitAnswer.KeyReused) {
        return CompletableFuture.completedFuture(Collections.nCopies(submitted.size(), answer));
      }
      if (answer != null) {
        before.put(task.id(), answer);
      }
    }
    if (atomic && before.size() < submitted.size()) {
      // All or none is for one transaction to say.
      before.clear();
    }
    List<NewTask> fresh =
        submitted.stream().filter(task -> !before.containsKey(task.id())).toList();
    fresh.forEach(task -> tasks.keep(task.id(), task.submission()));
    CompletableFuture<List<SubmitAnswer>> rest =
        fresh.isEmpty()
            ? CompletableFuture.completedFuture(List.of())
            : current.loop().submit(fresh, atomic);
    return rest.thenApply(
        answers -> {
          Iterator<SubmitAnswer> next = answers.iterator();
          return submitted.stream()
              .map(
                  task -> {
                    SubmitAnswer known = before.get(task.id());
                    return known == null ? next.next() : known;
                  })
              .toList();
        });
  }

  /// What became of a request that came with this task's key before; null if none did or the store
  /// cannot tell now. The store decides again in the transaction that would store the task.
  private @Nullable SubmitAnswer answeredBefore(NewTask task) {
    TaskRecord.IdempotencyKey key = task.key();
    if (key == null) {
      return null;
    }
    TaskStore.KeyedTask holder;
    try {
      holder = store.findByKey(key.tenant(), key.key());
    } catch (RuntimeException e) {
      log.debug("The store cannot say who has a key", e);
      return null;
    }
    if (holder == null) {
      return null;
    }
    return holder.bodyHash().equals(key.bodyHash())
        ? new SubmitAnswer.Repeated(holder.task())
        : new SubmitAnswer.KeyReused(holder.task().id());
  }

  @Override
  public CompletableFuture<@Nullable CompilationTask> cancel(String tenant, TaskId id) {
    Run current = run;
    if (current == null) {
      return CompletableFuture.failedFuture(
          new QuernException(ErrorCode.DRAINING, "the service is stopping"));
    }
    return current
        .loop()
        .cancel(tenant, id)
        .thenApply(task -> task != null && task.tenant().equals(tenant) ? task : null);
  }

  @Override
  public CompletableFuture<@Nullable TaskExplanation> explain(TaskId id) {
    Run current = run;
    return current == null
        ? CompletableFuture.failedFuture(
            new QuernException(ErrorCode.DRAINING, "the service is stopping"))
        : current.loop().explain(id);
  }

  /// The numbers of this moment; null while the server is not running.
  @Nullable ServerStatistics statistics() {
    Run current = run;
    return current == null ? null : current.loop().statistics();
  }

  /// Events that wait for the loop.
  int inboxSize() {
    Run current = run;
    return current == null ? 0 : current.loop().inboxSize();
  }

  boolean isDraining() {
    return isDraining;
  }

  /// Whether the loop's thread lives.
  boolean isAlive() {
    Run current = run;
    return current != null && current.loop().isAlive();
  }

  public int queueLimit() {
    return properties.queue();
  }
}
