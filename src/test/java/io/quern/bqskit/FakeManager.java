package io.quern.bqskit;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.bqskit.wire.FromManager;
import io.quern.bqskit.wire.ToManager;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireResult;
import io.quern.bqskit.wire.WireTask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/// A `bqskit-manager` with its workers that behaves as the original does, its weaknesses included:
/// workers never forget a cancelled address, count results without looking for doubles, and the
/// manager ends on a result that is not for it.
///
/// Programs are texts: `sum:D:W` runs W children of depth D - 1 and adds 1 to their sum; `race:W`
/// runs W children, takes the first result, cancels the rest and returns 5.
final class FakeManager {

  /// A task that has been started.
  private static final class Running {
    final WireTask task;
    long mailbox = -1;

    Running(WireTask task) {
      this.task = task;
    }
  }

  private static final class Mailbox {
    final WireAddress owner;
    final int expected;
    int results;
    long sum;

    Mailbox(WireAddress owner, int expected) {
      this.owner = owner;
      this.expected = expected;
    }
  }

  private final class Worker {
    final long id;
    final Map<WireAddress, Running> tasks = new HashMap<>();
    final ArrayDeque<WireAddress> ready = new ArrayDeque<>();
    final ArrayDeque<WireTask> delayed = new ArrayDeque<>();
    final Set<WireAddress> cancelled = new HashSet<>();
    final Map<Long, Mailbox> mailboxes = new HashMap<>();
    long counter;

    Worker(long id) {
      this.id = id;
    }

    void submit(List<WireTask> batch) {
      add(batch.getLast());
      batch.subList(0, batch.size() - 1).forEach(delayed::addLast);
    }

    void add(WireTask task) {
      tasks.put(task.address(), new Running(task));
      ready.addLast(task.address());
    }

    boolean canStep() {
      return !ready.isEmpty() || !delayed.isEmpty();
    }

    void step() {
      if (ready.isEmpty()) {
        add(delayed.removeLast());
      }
      WireAddress address = ready.removeFirst();
      Running running = tasks.get(address);
      if (running == null
          || cancelled.contains(address)
          || running.task.breadcrumbs().stream().anyMatch(cancelled::contains)) {
        return;
      }
      String[] program = PlainPython.text(running.task.value()).split(":");
      boolean isRace = program[0].equals("race");
      int width = Integer.parseInt(program[program.length - 1]);
      int depth = isRace ? 1 : Integer.parseInt(program[1]);
      if (depth == 0) {
        complete(running, 1);
      } else if (running.mailbox < 0) {
        begin(running, isRace ? "sum:0:1" : "sum:" + (depth - 1) + ":" + width, width);
      } else {
        Mailbox box = Objects.requireNonNull(mailboxes.get(running.mailbox));
        if (isRace) {
          cancelMailbox(running.mailbox, width);
          complete(running, 5);
        } else {
          mailboxes.remove(running.mailbox);
          complete(running, 1 + box.sum);
        }
      }
    }

    void begin(Running running, String program, int width) {
      running.mailbox = counter++;
      mailboxes.put(running.mailbox, new Mailbox(running.task.address(), width));
      List<WireAddress> breadcrumbs = new ArrayList<>(running.task.breadcrumbs());
      breadcrumbs.add(running.task.address());
      List<WireTask> children = new ArrayList<>();
      for (int slot = 0; slot < width; slot++) {
        children.add(
            new WireTask(
                new WireAddress(id, running.mailbox, slot),
                running.task.compilation(),
                breadcrumbs,
                PlainPython.value(program)));
      }
      sendUpOrSchedule(children);
    }

    void complete(Running running, long value) {
      WireAddress address = running.task.address();
      tasks.remove(address);
      WireResult result = new WireResult(address, id, PlainPython.value(Long.toString(value)));
      if (address.worker() == id) {
        receive(result);
      } else {
        resultFromBelow(result);
      }
    }

    void cancelMailbox(long mailbox, int width) {
      mailboxes.remove(mailbox);
      for (int slot = 0; slot < width; slot++) {
        up(new FromManager.Cancel(new WireAddress(id, mailbox, slot)));
      }
    }

    void receive(WireResult result) {
      Mailbox box = mailboxes.get(result.address().mailbox());
      if (box == null) {
        return;
      }
      box.results++;
      assertThat(box.results).as("a slot was filled twice").isLessThanOrEqualTo(box.expected);
      box.sum += Long.parseLong(PlainPython.text(result.value()));
      Running owner = tasks.get(box.owner);
      boolean isRace = owner != null && PlainPython.text(owner.task.value()).startsWith("race");
      if (box.results == box.expected || (isRace && box.results == 1)) {
        ready.addLast(box.owner);
      }
    }

    void cancel(WireAddress address) {
      cancelled.add(address);
      tasks
          .values()
          .removeIf(
              running -> {
                boolean goes = isDescendant(running.task, address);
                if (goes) {
                  mailboxes.remove(running.mailbox);
                }
                return goes;
              });
      delayed.removeIf(task -> isDescendant(task, address));
    }

    private static boolean isDescendant(WireTask task, WireAddress address) {
      return task.address().equals(address) || task.breadcrumbs().contains(address);
    }
  }

  final long connection;
  final ArrayDeque<FromManager> up = new ArrayDeque<>();
  private final int workerCount;
  private final Random random;
  private final List<Worker> workers = new ArrayList<>();
  private long lower;
  private long upper;
  private int read;
  boolean isDead;

  FakeManager(long connection, int workerCount, Random random) {
    this.connection = connection;
    this.workerCount = workerCount;
    this.random = random;
  }

  /// Reads the next of the messages it has been sent.
  ///
  /// @return whether there was one
  boolean readOne(List<ToManager> told) {
    if (read == told.size()) {
      return false;
    }
    read(told.get(read++));
    return true;
  }

  private void read(ToManager message) {
    switch (message) {
      case ToManager.Connect(long low, long high) -> {
        lower = low;
        upper = high;
        for (int i = 0; i < workerCount; i++) {
          workers.add(new Worker(low + i));
        }
        up(new FromManager.Started(workerCount));
      }
      case ToManager.Submit(List<WireTask> tasks) -> schedule(tasks);
      case ToManager.Result(WireResult result) -> {
        assertThat(isMine(result.address())).as("a result for a worker of this manager").isTrue();
        worker(result.address()).receive(result);
      }
      case ToManager.Cancel(WireAddress address) -> workers.forEach(each -> each.cancel(address));
      case ToManager.Shutdown() -> isDead = true;
      case ToManager.Communicate _, ToManager.ImportPath _ -> {}
    }
  }

  private Worker worker(WireAddress address) {
    return workers.get((int) (address.worker() - lower));
  }

  private boolean isMine(WireAddress address) {
    return lower <= address.worker() && address.worker() < Math.min(upper, lower + workers.size());
  }

  private void schedule(List<WireTask> tasks) {
    Map<Worker, List<WireTask>> batches = new HashMap<>();
    for (WireTask task : tasks) {
      Worker worker = workers.get(random.nextInt(workers.size()));
      batches.computeIfAbsent(worker, _ -> new ArrayList<>()).add(task);
    }
    batches.forEach(Worker::submit);
  }

  private void sendUpOrSchedule(List<WireTask> tasks) {
    int kept = random.nextInt(tasks.size() + 1);
    if (kept > 0) {
      up(new FromManager.Update(kept));
      schedule(tasks.subList(0, kept));
    }
    if (kept < tasks.size()) {
      up(new FromManager.Submit(tasks.subList(kept, tasks.size())));
    }
  }

  private void resultFromBelow(WireResult result) {
    if (isMine(result.address())) {
      worker(result.address()).receive(result);
      up(new FromManager.Update(-1));
    } else {
      up(new FromManager.Result(result));
    }
  }

  private void up(FromManager message) {
    up.addLast(message);
  }

  /// Lets one of its workers take a step.
  ///
  /// @return whether one had something to do
  boolean work() {
    List<Worker> busy = workers.stream().filter(Worker::canStep).toList();
    if (busy.isEmpty()) {
      return false;
    }
    busy.get(random.nextInt(busy.size())).step();
    return true;
  }

  /// What a program returns.
  static long expected(String program) {
    String[] parts = program.split(":");
    if (parts[0].equals("race")) {
      return 5;
    }
    int depth = Integer.parseInt(parts[1]);
    int width = Integer.parseInt(parts[2]);
    return depth == 0 ? 1 : 1 + width * expected("sum:" + (depth - 1) + ":" + width);
  }
}
