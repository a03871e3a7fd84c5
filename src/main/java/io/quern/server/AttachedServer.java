package io.quern.server;

import io.quern.engine.compile.CircuitStatistics;
import io.quern.engine.compile.Compilation;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.link.InMemoryLink;
import io.quern.manager.Isolation;
import io.quern.manager.ManagerLoop;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.runtime.DetachedServer;
import io.quern.runtime.Event;
import io.quern.runtime.RootWork;
import io.quern.runtime.ServerSettings;
import io.quern.runtime.ServerStatistics;
import io.quern.task.CompilationTask;
import io.quern.task.Submission;
import io.quern.task.TaskError;
import io.quern.task.TaskEvent;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A server with its own workers for one program, BQSKit's attached mode: the same core, manager
/// and workers as the service, without a store. What is not finished when it is closed is lost.
///
/// Thread-safe: several compilations may run at a time.
public final class AttachedServer implements AutoCloseable {
  private static final Submission NO_SUBMISSION = Submission.builder("").build();

  private final Memory memory = new Memory();
  private final AtomicLong ids = new AtomicLong();
  private final ServerLoop loop;
  private final ManagerLoop manager;

  /// @param workers how many runtime tasks run at a time; 0 for one a core
  public AttachedServer(int workers) {
    int slots = workers == 0 ? Runtime.getRuntime().availableProcessors() : workers;
    InstantSource clock = InstantSource.system();
    loop =
        new ServerLoop(
            "quern-attached-server",
            new DetachedServer(1, ServerSettings.DEFAULT),
            memory,
            clock,
            65_536,
            (records, outcomes) -> {});
    InMemoryLink.Pair pair = InMemoryLink.pair();
    manager =
        ManagerLoop.start(
            "quern-attached",
            new ManagerLoop.Self("attached", Compilation.VERSION, false, List.of()),
            slots,
            pair.employee(),
            FunctionRegistry.of(List.of()),
            clock,
            Isolation.NONE);
    loop.open(pair.boss(), "the manager in this process", null);
    loop.tell(new Event.DoorsOpened());
    loop.start();
  }

  /// Runs a compilation and waits for it.
  ///
  /// @param timeLimit null for none; when it has passed the function hands back the best it has
  /// @param listener hears the task's log lines, progress and changes of state as they happen, on
  ///   the server's thread, so it must return at once
  /// @throws QuernException if the compilation failed; its details carry `pass`, `block` and
  ///   `cause` where they are known
  public <A> CompilationResult run(
      RuntimeFunction<A, CompilationResult> function,
      A argument,
      @Nullable Duration timeLimit,
      LogLevel loggingLevel,
      Consumer<TaskEvent.Data> listener)
      throws InterruptedException {
    TaskId id = new TaskId(new UUID(0, ids.incrementAndGet()));
    Memory.Held compilation =
        new Memory.Held(new RootWork(function, argument, timeLimit, loggingLevel, -1), listener);
    memory.compilations.put(id, compilation);
    try {
      NewTask task = new NewTask(id, "", NO_SUBMISSION, nothingCounted(), null);
      SubmitAnswer answer = get(loop.submit(List.of(task), false)).getFirst();
      if (!(answer instanceof SubmitAnswer.Accepted)) {
        throw new QuernException(ErrorCode.QUEUE_FULL, "the runtime did not take it: " + answer);
      }
      return get(compilation.result);
    } catch (InterruptedException e) {
      CompletableFuture<@Nullable CompilationTask> ignored = loop.cancel("", id);
      throw e;
    } finally {
      memory.compilations.remove(id);
    }
  }

  private static CircuitStatistics nothingCounted() {
    return new CircuitStatistics(0, 0, 0, 0, 0, Map.of());
  }

  private static <T> T get(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof QuernException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /// The numbers of this moment.
  ServerStatistics statistics() {
    return loop.statistics();
  }

  /// Ends the workers; compilations that run are cancelled.
  @Override
  public void close() {
    manager.close();
    loop.close();
    memory.compilations.values().forEach(Memory.Held::abandon);
  }

  /// A store that forgets: everything is committed at once.
  private static final class Memory implements Durability {

    /// One call of [AttachedServer#run].
    private static final class Held {
      private final RootWork work;
      private final Consumer<TaskEvent.Data> listener;
      private final CompletableFuture<CompilationResult> result = new CompletableFuture<>();

      private Held(RootWork work, Consumer<TaskEvent.Data> listener) {
        this.work = work;
        this.listener = listener;
      }

      private void hear(TaskEvent.Data data) {
        switch (data) {
          case TaskEvent.ResultReady(TaskState _, CompilationResult value) -> {
            listener.accept(data);
            result.complete(value);
          }
          case TaskEvent.StateChanged(TaskState _, TaskState to, @Nullable TaskError error) -> {
            listener.accept(data);
            if (error != null) {
              result.completeExceptionally(asException(error));
            } else if (to.isTerminal()) {
              abandon();
            }
          }
          case TaskEvent.LogLine _,
              TaskEvent.PythonLog _,
              TaskEvent.PythonResult _,
              TaskEvent.Progressed _,
              TaskEvent.Restarted _ ->
              listener.accept(data);
        }
      }

      private void abandon() {
        result.completeExceptionally(
            new QuernException(ErrorCode.TASK_CANCELLED, "the compilation was cancelled"));
      }

      private static QuernException asException(TaskError error) {
        Map<String, Object> details = new LinkedHashMap<>();
        putIfKnown(details, "pass", error.pass());
        putIfKnown(details, "block", error.block());
        putIfKnown(details, "cause", error.cause());
        return new QuernException(error.code(), error.detail(), details);
      }

      private static void putIfKnown(
          Map<String, Object> details, String name, @Nullable Object value) {
        if (value != null) {
          details.put(name, value);
        }
      }
    }

    private final Map<TaskId, Held> compilations = new ConcurrentHashMap<>();

    /// Nobody reads events but the listeners, which hear each of them.
    @Override
    public void announce(TaskId task, long number) {}

    @Override
    public boolean persist(List<TaskRecord> records, Consumer<List<Outcome>> whenCommitted) {
      for (TaskRecord record : records) {
        Held compilation = compilations.get(record.task());
        if (compilation != null) {
          record.events().forEach(event -> compilation.hear(event.data()));
        }
      }
      whenCommitted.accept(Collections.nCopies(records.size(), new Outcome.Committed()));
      return true;
    }

    @Override
    public @Nullable CompilationTask find(TaskId task) {
      return null;
    }

    @Override
    public @Nullable RootWork workAtHand(TaskId task) {
      Held compilation = compilations.get(task);
      return compilation == null ? null : compilation.work;
    }

    @Override
    public @Nullable RootWork load(TaskId task) {
      return workAtHand(task);
    }
  }
}
