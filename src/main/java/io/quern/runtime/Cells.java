package io.quern.runtime;

import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Where suspects run: tasks that were executed by a process as it ended. Each gets a worker
/// process that has nothing else, so that only one that is to blame can end it, and nobody else is
/// harmed if it does. The processes are started when they are needed and told to end when no
/// suspect waits.
final class Cells {
  /// Suspects that run at a time; each process has as many slots as its manager.
  private static final int MOST = 2;

  /// A process that has not joined in this time is taken for one that never will.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ServerBase owner;

  /// Oldest first.
  private final Deque<RuntimeTask> waiting = new ArrayDeque<>();

  /// Links of processes that joined for this.
  private final Set<LinkId> links = new HashSet<>();

  /// Patience for each process that has yet to join.
  private final Deque<Timers.Timer> starting = new ArrayDeque<>();

  Cells(ServerBase owner) {
    this.owner = owner;
  }

  void add(RuntimeTask suspect) {
    waiting.add(suspect);
  }

  /// A process has joined.
  void opened(LinkId link) {
    links.add(link);
    owner.timers.cancel(starting.poll());
  }

  boolean has(LinkId link) {
    return links.contains(link);
  }

  void closed(LinkId link) {
    links.remove(link);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /// Suspects that wait.
  int size() {
    return waiting.size();
  }

  /// Suspects that wait or run.
  int numTasks() {
    int sum = waiting.size();
    for (LinkId link : links) {
      RuntimeEmployee cell = owner.employees.get(link);
      sum += cell == null ? 0 : cell.numTasks();
    }
    return sum;
  }

  List<RuntimeTask> all() {
    return new ArrayList<>(waiting);
  }

  /// Something is said to those that are meant.
  void told(Message.Communicate said) {
    ReadyTasks.told(waiting, said);
  }

  void removeCovered(Message.Cancel cancel) {
    waiting.removeIf(task -> task.isCoveredBy(cancel));
  }

  /// Takes every suspect that waits and fits.
  List<RuntimeTask> removeAll(Predicate<RuntimeTask> fits) {
    List<RuntimeTask> taken = new ArrayList<>();
    for (Iterator<RuntimeTask> each = waiting.iterator(); each.hasNext(); ) {
      RuntimeTask task = each.next();
      if (fits.test(task)) {
        each.remove();
        taken.add(task);
      }
    }
    return taken;
  }

  /// Gives each free process a suspect, or lets it end, and has processes started for the rest.
  void place() {
    int joining = 0;
    for (LinkId link : List.copyOf(links)) {
      RuntimeEmployee cell = owner.employees.get(link);
      if (cell == null || cell.phase() == EmployeePhase.CONNECTING) {
        joining++;
        continue;
      } else if (!cell.isFreeCell()) {
        continue;
      }
      RuntimeTask suspect = cell.isQuietCell() ? waiting.poll() : null;
      if (suspect != null) {
        cell.submitted(List.of(suspect), owner.costs);
        owner.send(link, new Message.Submit(suspect));
      } else if (waiting.isEmpty() && starting.isEmpty()) {
        cell.signal(EmployeePhase.Signal.SHUTDOWN);
        owner.send(link, new Message.Shutdown());
      }
    }
    while (starting.size() + joining < waiting.size() && starting.size() + links.size() < MOST) {
      starting.add(owner.timers.schedule(owner.now().plus(PATIENCE), this::giveUp));
      owner.emit(new Effect.SpawnCell());
    }
  }

  /// The first that was asked for has not come; another is, if it is still needed.
  private void giveUp() {
    Timers.@Nullable Timer ignored = starting.poll();
  }
}
