package io.quern.worker;

import io.quern.engine.pass.Checkpoint;
import io.quern.engine.pass.ListeningFunction;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeFuture;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.protocol.Breadcrumbs;
import io.quern.protocol.EncodedValue;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.protocol.encoding.MalformedFrameException;
import io.quern.task.Blob;
import io.quern.task.KeptWork;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A runtime task while its function runs: what the function sees as the runtime. Used by the
/// function's own thread; only the cancel comes from elsewhere.
final class RunningTask implements RuntimeHandle {

  /// How a wait for results ends; whoever sets it first decides.
  enum Wait {
    PENDING,
    /// The slot was granted to the task again.
    GRANTED,
    /// The task left without it, being cancelled.
    LEFT
  }

  /// What took less is sooner computed again than stored.
  private static final long KEPT_NANOS = 1_000_000;

  private final RuntimeTask task;
  private final TaskRunner runner;
  private @Nullable Breadcrumbs trail;
  private final AtomicReference<Wait> wait = new AtomicReference<>(Wait.PENDING);
  private volatile boolean isCancelled;

  /// Set by the loop before the slot is granted.
  private volatile @Nullable Delivery delivery;

  /// What its parent has said and it has not asked for; guarded by this.
  private List<Message.Communicate> heard;

  private volatile @Nullable Thread thread;
  private long awaitedNanos;

  RunningTask(RuntimeTask task, TaskRunner runner) {
    this.task = task;
    this.runner = runner;
    heard = task.heard();
  }

  RuntimeTask task() {
    return task;
  }

  AtomicReference<Wait> waitState() {
    return wait;
  }

  @Nullable Thread thread() {
    return thread;
  }

  /// Binds the task to the thread that runs its function.
  void begin(Thread thread) {
    this.thread = thread;
  }

  /// How long the function awaited others.
  long awaitedNanos() {
    return awaitedNanos;
  }

  void cancel() {
    isCancelled = true;
  }

  synchronized void hear(Message.Communicate said) {
    heard = new ArrayList<>(heard);
    heard.add(said);
  }

  private synchronized List<Message.Communicate> takeHeard() {
    List<Message.Communicate> all = heard;
    heard = List.of();
    return all;
  }

  void deliver(Delivery delivery) {
    this.delivery = delivery;
  }

  @Override
  public <A, R> RuntimeFuture<R> submit(RuntimeFunction<A, R> function, A argument) {
    return submitAll(function, List.of(argument));
  }

  @Override
  public <A, R> RuntimeFuture<R> submitAll(RuntimeFunction<A, R> function, List<A> arguments) {
    checkCancelled();
    return function.isKept() && !task.kept().blocks().isEmpty()
        ? FoundFuture.submit(this, function, arguments)
        : submitFresh(function, arguments);
  }

  /// What an earlier run returned for this argument, encoded; null if that is not known.
  @Nullable Object earlierResult(RuntimeFunction<?, ?> function, Object argument) {
    String key = runner.functions().contentKey(function, argument);
    Blob kept = key == null ? null : task.kept().blocks().get(key);
    return kept == null ? null : runner.functions().storedResult(function, kept);
  }

  <A, R> MailboxFuture<R> submitFresh(RuntimeFunction<A, R> function, List<A> arguments) {
    long mailbox = runner.nextMailbox();
    if (!arguments.isEmpty()) {
      runner.report(
          new WorkerEvent.Spawned(task.id(), mailbox, children(function, arguments, mailbox)));
    }
    return new MailboxFuture<>(this, function, mailbox, arguments.size());
  }

  private <A, R> List<RuntimeTask> children(
      RuntimeFunction<A, R> function, List<A> arguments, long mailbox) {
    Breadcrumbs breadcrumbs = trail;
    if (breadcrumbs == null) {
      breadcrumbs = task.breadcrumbs().then(task.id());
      trail = breadcrumbs;
    }
    // Blocks may also be submitted by a child that cannot leave the process.
    KeptWork kept = runner.functions().canTravel(function) ? KeptWork.NOTHING : task.kept();
    List<RuntimeTask> children = new ArrayList<>(arguments.size());
    for (int slot = 0; slot < arguments.size(); slot++) {
      RuntimeTaskId id = new RuntimeTaskId(new RuntimeAddress(runner.workerId(), mailbox, slot), 1);
      children.add(
          new RuntimeTask(
              id, breadcrumbs, task.compilation(), function, arguments.get(slot), kept));
    }
    return children;
  }

  /// Waits for results of a mailbox; the slot is free for other tasks meanwhile.
  Delivery await(long mailbox, boolean forNext) {
    checkCancelled();
    delivery = null;
    wait.set(Wait.PENDING);
    long start = System.nanoTime();
    runner.report(new WorkerEvent.Awaiting(task.id(), mailbox, forNext));
    boolean isGranted = runner.giveSlotBackUntilGranted(this);
    awaitedNanos += System.nanoTime() - start;
    Delivery delivered = delivery;
    if (!isGranted || delivered == null) {
      throw new CancellationException("the runtime task was cancelled");
    }
    return delivered;
  }

  @Override
  public void cancel(RuntimeFuture<?> future) {
    MailboxFuture<?> mine = mine(future, "cancel");
    mine.markCancelled();
    runner.report(new WorkerEvent.CancelAsked(task.id(), mine.mailbox()));
  }

  /// The part of a future of this task's that is being computed.
  private MailboxFuture<?> mine(RuntimeFuture<?> future, String what) {
    RuntimeFuture<?> fresh = future instanceof FoundFuture<?> found ? found.fresh() : future;
    if (fresh instanceof MailboxFuture<?> mine && mine.belongsTo(this)) {
      return mine;
    }
    throw new IllegalArgumentException("a task can " + what + " futures of its own only");
  }

  @Override
  public <M> void communicate(
      RuntimeFuture<?> future, ListeningFunction<?, ?, M> listener, M message) {
    MailboxFuture<?> mine = mine(future, "communicate with");
    if (!mine.function().name().equals(listener.name())) {
      throw new IllegalArgumentException(
          "the tasks behind the future run "
              + mine.function().name()
              + ", what is said is for "
              + listener.name());
    }
    int number = mine.countSaid();
    if (!mine.isEmpty()) {
      runner.report(
          new WorkerEvent.Communicated(
              task.id(),
              new Message.Communicate(
                  new RuntimeAddress(runner.workerId(), mine.mailbox(), RuntimeAddress.ALL_SLOTS),
                  listener,
                  number,
                  message)));
    }
  }

  /// The type is that of the function's own declaration, as it was where it was said.
  @Override
  @SuppressWarnings("unchecked")
  public <M> List<M> messages(ListeningFunction<?, ?, M> listener) {
    if (!task.function().name().equals(listener.name())) {
      throw new IllegalArgumentException(
          "this task runs " + task.function().name() + " and not " + listener.name());
    }
    List<M> messages = new ArrayList<>();
    for (Message.Communicate said : takeHeard()) {
      messages.add((M) EncodedValue.decoded(said.content()));
    }
    return messages;
  }

  @Override
  public <T> T cached(Class<T> type, String key, Supplier<? extends T> maker) {
    return runner.cache().get(type, key, maker);
  }

  @Override
  public int slots() {
    return runner.slotsInAll();
  }

  @Override
  public boolean isCancelled() {
    return isCancelled;
  }

  @Override
  public boolean isTimeUp() {
    Instant deadline = task.compilation().deadline();
    return deadline != null && !runner.now().isBefore(deadline);
  }

  @Override
  public @Nullable Checkpoint earlier() {
    KeptWork.StoredCheckpoint stored = task.kept().checkpoint();
    if (stored == null || task.breadcrumbs().depth() > 0) {
      return null;
    }
    try {
      return runner.functions().decodeCheckpoint(stored.state());
    } catch (MalformedFrameException e) {
      log(
          LogLevel.WARNING,
          "runtime",
          "the checkpoint of engine " + stored.engineVersion() + " cannot be read: starting over");
      return null;
    }
  }

  @Override
  public void keep(Checkpoint checkpoint) {
    if (task.breadcrumbs().depth() == 0) {
      runner.report(
          new WorkerEvent.Said(
              new Message.Checkpoint(
                  task.id(),
                  checkpoint.position(),
                  checkpoint.engineVersion(),
                  runner.functions().encodeCheckpoint(checkpoint))));
    }
  }

  /// Keeps what this task has returned, so that it need not be computed again if its compilation
  /// begins anew. What was cut short by the time limit is no answer to keep.
  void keepResult(Object value, long nanos) {
    if (nanos >= KEPT_NANOS && task.function().isKept() && !isTimeUp()) {
      String key = runner.functions().contentKey(task.function(), task.argument());
      if (key != null) {
        runner.report(
            new WorkerEvent.Said(
                new Message.BlockDone(
                    task.compilation().root(),
                    key,
                    runner.functions().encodeResult(task.function(), value))));
      }
    }
  }

  @Override
  public void log(LogLevel level, String logger, String message) {
    if (task.compilation().wantsLog(level, task.breadcrumbs().depth())) {
      runner.report(
          new WorkerEvent.Said(new Message.Log(task.compilation().root(), level, logger, message)));
    }
  }

  @Override
  public void progress(Progress progress) {
    runner.report(
        new WorkerEvent.Said(new Message.ProgressMade(task.compilation().root(), progress)));
  }
}
