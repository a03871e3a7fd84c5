package io.quern.worker;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.protocol.EncodedValue;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.worker.RunningTask.Wait;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The threads of one worker: exactly one holds the slot and runs functions, the others belong to
/// tasks that await their children, or are spare.
///
/// Functions run on platform threads, not virtual ones: most of them compute without a pause, and a
/// virtual thread that computes keeps its carrier from the service's HTTP requests. The slot goes
/// from thread to thread only when it must. A thread whose task awaits keeps it and waits for work;
/// if the next work is its own task's result it goes on without any switch, otherwise it hands work
/// and slot to a spare thread. Deep work comes first, so few tasks are awaiting at a time.
///
/// [#execute], [#resume], [#recall], [#interrupt], [#tell] and [#forget] are called by the loop
/// that owns the [Worker]; the rest by the functions' threads.
public final class TaskRunner implements AutoCloseable {

  private sealed interface Work {
    record Begin(RunningTask task) implements Work {}

    record Continue(RunningTask task) implements Work {}
  }

  /// Threads of one worker. Beyond it a task that wants to await fails instead.
  private static final int MAX_THREADS = 4_096;

  /// A spare thread without work for so long ends.
  private static final long SPARE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final String name;
  private final FunctionRegistry functions;
  private final InstantSource clock;
  private final int slotsInAll;
  private final Consumer<WorkerEvent> reports;
  private final Map<RuntimeTaskId, RunningTask> tasks = new HashMap<>();
  private final ConcurrentLinkedDeque<Work> work = new ConcurrentLinkedDeque<>();
  private final ConcurrentLinkedDeque<RunnerThread> spares = new ConcurrentLinkedDeque<>();
  private final AtomicInteger threads = new AtomicInteger();
  private final AtomicLong mailboxes = new AtomicLong();
  private final WorkerCache cache = new WorkerCache();
  private volatile long workerId;
  private volatile boolean isClosed;

  /// The thread that holds the slot, while it has no work.
  private volatile @Nullable Thread idle;

  /// @param functions whose results and arguments have a form in which they can be kept
  /// @param slotsInAll what functions are told by [io.quern.engine.pass.RuntimeHandle#slots]
  /// @param reports hears what functions do; may make the function's thread wait
  public TaskRunner(
      String name,
      int slotsInAll,
      FunctionRegistry functions,
      InstantSource clock,
      Consumer<WorkerEvent> reports) {
    this.name = name;
    this.functions = functions;
    this.slotsInAll = slotsInAll;
    this.clock = clock;
    this.reports = reports;
  }

  /// Starts the first thread.
  ///
  /// @param workerId the owner of the mailboxes that functions make
  public void start(long workerId) {
    this.workerId = workerId;
    newThread(null).start();
  }

  public void execute(RuntimeTask task) {
    RunningTask running = new RunningTask(task, this);
    tasks.put(task.id(), running);
    work.addLast(new Work.Begin(running));
    wakeIdle();
  }

  public void resume(RuntimeTaskId id, Delivery delivery) {
    RunningTask running = tasks.get(id);
    if (running != null) {
      running.deliver(delivery);
      work.addFirst(new Work.Continue(running));
      wakeIdle();
    }
  }

  /// Takes tasks back that were not begun.
  ///
  /// @return those that were not
  public List<RuntimeTaskId> recall(List<RuntimeTaskId> ids) {
    List<RuntimeTaskId> recalled = new ArrayList<>();
    for (RuntimeTaskId id : ids.reversed()) {
      RunningTask running = tasks.get(id);
      // Those that wait longest are at the other end.
      if (running != null && work.removeLastOccurrence(new Work.Begin(running))) {
        tasks.remove(id);
        recalled.add(id);
      }
    }
    return recalled.reversed();
  }

  public void interrupt(RuntimeTaskId id) {
    RunningTask running = tasks.get(id);
    if (running != null) {
      running.cancel();
      Thread thread = running.thread();
      if (thread != null) {
        LockSupport.unpark(thread);
      }
    }
  }

  /// Its parent says something to a task.
  public void tell(RuntimeTaskId id, Message.Communicate said) {
    RunningTask running = tasks.get(id);
    if (running != null) {
      running.hear(said);
    }
  }

  /// The task is over.
  public void forget(RuntimeTaskId id) {
    tasks.remove(id);
  }

  /// Tells every task that it is cancelled and ends the threads as they notice.
  @Override
  public void close() {
    isClosed = true;
    tasks.keySet().forEach(this::interrupt);
    wakeIdle();
    spares.forEach(LockSupport::unpark);
  }

  private void wakeIdle() {
    Thread waiting = idle;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  // Called by functions' threads

  long workerId() {
    return workerId;
  }

  long nextMailbox() {
    return mailboxes.incrementAndGet();
  }

  int slotsInAll() {
    return slotsInAll;
  }

  WorkerCache cache() {
    return cache;
  }

  FunctionRegistry functions() {
    return functions;
  }

  Instant now() {
    return clock.instant();
  }

  void report(WorkerEvent event) {
    reports.accept(event);
  }

  /// Lets other tasks have the slot until the task is granted it again.
  ///
  /// @return false if the task was cancelled; it then may or may not hold the slot
  boolean giveSlotBackUntilGranted(RunningTask task) {
    RunnerThread thread = RunnerThread.current();
    while (thread.holdsSlot) {
      Work next = take(task);
      if (next == null) {
        return leave(task);
      }
      switch (next) {
        case Work.Begin begin -> handOver(begin, thread, task);
        case Work.Continue(RunningTask other) -> {
          if (other == task) {
            return task.waitState().compareAndSet(Wait.PENDING, Wait.GRANTED);
          }
          grant(other, thread);
        }
      }
    }
    while (task.waitState().get() == Wait.PENDING) {
      if (task.isCancelled()) {
        return leave(task);
      }
      LockSupport.park(this);
    }
    thread.holdsSlot = true;
    return true;
  }

  /// Stops waiting, unless the slot was granted in the same moment.
  private static boolean leave(RunningTask task) {
    if (task.waitState().compareAndSet(Wait.PENDING, Wait.LEFT)) {
      return false;
    }
    RunnerThread.current().holdsSlot = true;
    return true;
  }

  /// Passes the slot and the work to do with it to another thread.
  ///
  /// @param waiting the task that awaits; it fails if there can be no other thread
  private void handOver(Work next, RunnerThread from, RunningTask waiting) {
    RunnerThread spare = spares.pollFirst();
    if (spare != null) {
      from.holdsSlot = false;
      spare.take(next);
      return;
    }
    try {
      if (threads.get() >= MAX_THREADS) {
        throw new IllegalStateException(
            "more than " + MAX_THREADS + " runtime tasks of " + name + " await others");
      }
      RunnerThread fresh = newThread(next);
      try {
        fresh.start();
      } catch (OutOfMemoryError e) {
        threads.decrementAndGet();
        throw e;
      }
      from.holdsSlot = false;
    } catch (IllegalStateException | OutOfMemoryError e) {
      // The slot stays with this thread, so nobody may grant it to the task any more.
      waiting.waitState().set(Wait.LEFT);
      work.addFirst(next);
      throw e;
    }
  }

  private RunnerThread newThread(@Nullable Work first) {
    return new RunnerThread(this, name + "-" + threads.incrementAndGet(), first);
  }

  /// The next work for the slot, waiting for it; called by the thread that holds the slot.
  ///
  /// @param waiting the task whose cancel ends the wait, if any
  /// @return null if there is none to come, or the waiting task is cancelled
  private @Nullable Work take(@Nullable RunningTask waiting) {
    while (true) {
      if (waiting != null && waiting.isCancelled()) {
        return null;
      }
      Work next = work.pollFirst();
      if (next != null) {
        return next;
      }
      if (isClosed) {
        return null;
      }
      idle = Thread.currentThread();
      if (work.isEmpty() && !isClosed && (waiting == null || !waiting.isCancelled())) {
        LockSupport.park(this);
      }
      idle = null;
    }
  }

  /// Runs functions for as long as this thread holds the slot, waits as a spare while it does not.
  private void serve(RunnerThread thread) {
    Work next = thread.takeHanded();
    while (true) {
      if (next == null && thread.holdsSlot) {
        next = take(null);
      }
      if (next == null && thread.holdsSlot) {
        return;
      }
      switch (next) {
        case null -> {}
        case Work.Begin(RunningTask task) -> run(task, thread);
        case Work.Continue(RunningTask task) -> grant(task, thread);
      }
      next = null;
      if (!thread.holdsSlot) {
        next = waitAsSpare(thread);
        if (next == null) {
          return;
        }
        thread.holdsSlot = true;
      }
    }
  }

  /// Gives the slot to the thread of a task that awaited, unless the task has left.
  private static void grant(RunningTask task, RunnerThread from) {
    Thread owner = task.thread();
    if (owner != null) {
      from.holdsSlot = false;
      if (task.waitState().compareAndSet(Wait.PENDING, Wait.GRANTED)) {
        LockSupport.unpark(owner);
      } else {
        from.holdsSlot = true;
      }
    }
  }

  private @Nullable Work waitAsSpare(RunnerThread thread) {
    spares.addFirst(thread);
    long deadline = System.nanoTime() + SPARE_NANOS;
    while (true) {
      Work handed = thread.takeHanded();
      if (handed != null) {
        return handed;
      }
      long left = deadline - System.nanoTime();
      // Who is no longer listed has been chosen and will be handed work in a moment.
      if ((left <= 0 || isClosed) && spares.remove(thread)) {
        return null;
      }
      LockSupport.parkNanos(this, Math.max(left, 1_000_000));
    }
  }

  private void run(RunningTask running, RunnerThread thread) {
    RuntimeTask task = running.task();
    if (running.isCancelled()) {
      report(new WorkerEvent.Unwound(task.id()));
      return;
    }
    running.begin(thread);
    long start = System.nanoTime();
    WorkerEvent end;
    try {
      Object value = call(task.function(), EncodedValue.decoded(task.argument()), running);
      long nanos = System.nanoTime() - start - running.awaitedNanos();
      if (!running.isCancelled()) {
        running.keepResult(value, System.nanoTime() - start);
      }
      end =
          running.isCancelled()
              ? new WorkerEvent.Unwound(task.id())
              : new WorkerEvent.Returned(task.id(), value, nanos);
    } catch (Throwable e) {
      // Also errors: running out of memory or stack must fail this task and nothing else.
      long nanos = System.nanoTime() - start - running.awaitedNanos();
      end =
          running.isCancelled()
              ? new WorkerEvent.Unwound(task.id())
              : new WorkerEvent.Threw(task.id(), Failures.of(task.function(), e), nanos);
    }
    Thread.interrupted();
    report(end);
  }

  /// Arguments were typed when the task was submitted.
  @SuppressWarnings("unchecked")
  private static Object call(RuntimeFunction<?, ?> function, Object argument, RunningTask running)
      throws InterruptedException {
    Object value = ((RuntimeFunction<Object, ?>) function).run(argument, running);
    if (value == null) {
      throw new IllegalStateException(function.name() + " returned null; it must return a value");
    }
    return value;
  }

  /// A thread that can hold the slot. Its fields are its own, except what it is handed.
  private static final class RunnerThread extends Thread {
    private final TaskRunner runner;
    private boolean holdsSlot = true;
    private volatile @Nullable Work handed;

    private RunnerThread(TaskRunner runner, String name, @Nullable Work first) {
      super(name);
      this.runner = runner;
      handed = first;
      setDaemon(true);
    }

    private static RunnerThread current() {
      if (Thread.currentThread() instanceof RunnerThread thread) {
        return thread;
      }
      throw new IllegalStateException(
          "a runtime handle may be used by its function's own thread only");
    }

    private void take(Work next) {
      handed = next;
      LockSupport.unpark(this);
    }

    private @Nullable Work takeHanded() {
      Work taken = handed;
      if (taken != null) {
        handed = null;
      }
      return taken;
    }

    @Override
    public void run() {
      try {
        runner.serve(this);
      } finally {
        runner.threads.decrementAndGet();
      }
    }
  }
}
