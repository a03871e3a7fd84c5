package io.quern.runtime.simulation;

import io.quern.engine.pass.LogLevel;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.runtime.DetachedServer;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import io.quern.runtime.ReplyTo;
import io.quern.runtime.RootWork;
import io.quern.runtime.ServerSettings;
import io.quern.task.CompilationTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One life of the server in simulated time: its process, the real core, and around that what its
/// shell would do. Checks on the way out that nothing is told before it is durable.
final class SimulatedServer {
  private final Scheduler scheduler;
  private final SimulatedStore store;
  private final Clients clients;
  private final Runs runs;
  private final Runnable whenStopped;
  private final Consumer<SimulatedLinks.End> whenCutOff;
  private final SimulatedProcess process;
  private final DetachedServer core;
  private final Map<LinkId, SimulatedLinks.Pair> down = new HashMap<>();
  private List<Event> inbox = new ArrayList<>();
  private long linkCounter;
  private boolean isTurnScheduled;
  private boolean hasStopped;
  private @Nullable Instant timer;

  /// @param wasCutShort whether the life before was not stopped
  /// @param whenStopped runs a moment after the core has stopped
  /// @param whenCutOff closes a link, of which it is told the employee's end
  SimulatedServer(
      Scheduler scheduler,
      SimulatedStore store,
      Clients clients,
      Runs runs,
      boolean wasCutShort,
      Runnable whenStopped,
      Consumer<SimulatedLinks.End> whenCutOff) {
    this.scheduler = scheduler;
    this.store = store;
    this.clients = clients;
    this.runs = runs;
    this.whenStopped = whenStopped;
    this.whenCutOff = whenCutOff;
    process = new SimulatedProcess(scheduler);
    core =
        new DetachedServer(
            store.beginEpoch(),
            ServerSettings.builder()
                .queueLimit(40)
                .retryDelay(Duration.ofMillis(50))
                .deadlineGrace(Duration.ofSeconds(2))
                .maxUnwrittenEvents(20)
                .poisonDeaths(SimulatedCluster.POISON_DEATHS)
                .reattachGrace(SimulatedManager.GRACE)
                .wasCutShort(wasCutShort)
                .build());
  }

  /// Recovers what the store has, and opens the doors.
  void start() {
    for (CompilationTask row : store.rows()) {
      if (!row.state().isTerminal()) {
        post(new Event.Recovered(row));
      }
    }
    post(new Event.DoorsOpened());
    process.after(scheduler.delay(10_000), () -> post(new Event.ManagersMayJoin()));
  }

  SimulatedProcess process() {
    return process;
  }

  DetachedServer core() {
    return core;
  }

  /// Whether it has stopped in good order and is not started again yet.
  boolean hasStopped() {
    return hasStopped;
  }

  void die() {
    process.die();
  }

  /// Hears the employee at the other end of a link.
  LinkId listenTo(SimulatedLinks.Pair pair) {
    LinkId id = new LinkId(++linkCounter);
    down.put(id, pair);
    pair.boss()
        .receive(
            process,
            message -> {
              if (message instanceof Message.Drain drain) {
                runs.handedBack(drain.unstarted());
              } else if (message instanceof Message.Recalled recalled) {
                runs.handedBack(recalled.tasks());
              }
              if (down.containsKey(id)) {
                post(new Event.Received(id, message));
              }
            },
            () -> {
              if (down.remove(id) != null) {
                post(scheduler.chance(0.3) ? new Event.LinkClosed(id) : new Event.LinkCut(id));
              }
            });
    return id;
  }

  /// Gives up the link to an employee that is silent.
  ///
  /// @return whether there was one
  boolean giveUp(SimulatedLinks.End employee) {
    for (Map.Entry<LinkId, SimulatedLinks.Pair> each : down.entrySet()) {
      if (employee.equals(each.getValue().employee())) {
        down.remove(each.getKey());
        post(new Event.LinkClosed(each.getKey()));
        return true;
      }
    }
    return false;
  }

  /// Hears when the employee at the other end of a link will leave.
  void hearsOfDeparture(SimulatedLinks.End employee, Instant at) {
    down.forEach(
        (link, pair) -> {
          if (employee.equals(pair.employee())) {
            post(new Event.NodeLeaves(link, at));
          }
        });
  }

  /// Gives the loop an event.
  void post(Event event) {
    inbox.add(event);
    if (!isTurnScheduled) {
      isTurnScheduled = true;
      process.after(scheduler.delay(20), this::turn);
    }
  }

  private void turn() {
    isTurnScheduled = false;
    List<Event> events = inbox;
    inbox = new ArrayList<>();
    List<Effect> effects =
        scheduler.chance(0.5)
            ? core.handleMessages(events, scheduler.now())
            : events.stream()
                .flatMap(event -> core.handleMessage(event, scheduler.now()).stream())
                .toList();
    SimulatedCluster.checkNoSystemErrors(core);
    core.verify();
    effects.forEach(this::perform);
  }

  private void perform(Effect effect) {
    switch (effect) {
      case Effect.Send(LinkId link, Message message) -> {
        checkHandedOut(message);
        SimulatedLinks.Pair pair = down.get(link);
        if (pair != null) {
          pair.boss().send(message);
        }
      }
      case Effect.Persist(long seq, List<TaskRecord> records) -> {
        boolean isTaken =
            store.offer(records, outcomes -> post(new Event.Committed(seq, outcomes)));
        if (!isTaken) {
          post(new Event.Refused(seq));
        }
      }
      case Effect.ReadBack(long seq, List<TaskId> tasks) ->
          process.after(store.readTime(), () -> readBack(seq, tasks));
      case Effect.LoadSubmission(TaskId task) ->
          process.after(store.readTime(), () -> post(load(task)));
      case Effect.Reply(ReplyTo to, List<SubmitAnswer> answers) -> clients.answered(to, answers);
      case Effect.ReplyStatus(ReplyTo to, TaskId task) ->
          process.after(store.readTime(), () -> clients.statusAnswered(to, task, store.row(task)));
      case Effect.ReplyExplanation answer -> clients.explained(answer.to(), answer.explanation());
      case Effect.ReplyFailure failure -> clients.failed(failure.to());
      case Effect.ArmTimer(Instant at) -> arm(at);
      case Effect.Notify(TaskId task, TaskState state) -> {
        checkEnded(task, state);
        runs.over(task);
      }
      case Effect.Announce(TaskId task, long number) -> store.announce(task, number);
      case Effect.Stopped() -> {
        scheduler.trace("stopped; started again");
        hasStopped = true;
        process.after(Duration.ofMillis(1), whenStopped);
      }
      case Effect.CutOff cut -> {
        checkHonest(cut);
        SimulatedLinks.Pair pair = down.get(cut.link());
        if (pair != null) {
          whenCutOff.accept(pair.employee());
        }
      }
      case Effect.SpawnCell _ -> throw new AssertionError("a server asked for a process");
      case Effect.Spawn _ -> throw new AssertionError("a server asked for workers");
    }
  }

  private void arm(Instant at) {
    timer = at;
    process.at(
        at,
        () -> {
          if (at.equals(timer)) {
            timer = null;
            post(new Event.TimerFired());
          }
        });
  }

  private void readBack(long seq, List<TaskId> tasks) {
    try {
      Map<TaskId, CompilationTask> found = new HashMap<>();
      for (TaskId task : tasks) {
        CompilationTask row = store.find(task);
        if (row != null) {
          found.put(task, row);
        }
      }
      post(new Event.ReadBackDone(seq, found));
    } catch (SimulatedStore.Unreadable e) {
      post(new Event.ReadBackFailed(seq, "simulated"));
    }
  }

  private Event load(TaskId task) {
    if (store.readFails()) {
      return new Event.LoadFailed(task, "simulated");
    }
    if (store.row(task) == null) {
      return new Event.SubmissionUnusable(task, "its submission is not in the store");
    }
    Clients.Plan plan = clients.plan(task);
    return new Event.SubmissionLoaded(
        task,
        new RootWork(
            ScriptFunctions.ROOT,
            plan.script(),
            plan.timeLimit(),
            LogLevel.INFO,
            -1,
            store.kept(task)));
  }

  /// An attempt is durable before its root leaves.
  private void checkHandedOut(Message message) {
    List<RuntimeTask> tasks =
        switch (message) {
          case Message.Submit(RuntimeTask task) -> List.of(task);
          case Message.SubmitBatch(List<RuntimeTask> batch) -> batch;
          default -> List.of();
        };
    for (RuntimeTask task : tasks) {
      if (task.id().address().workerId() == RuntimeAddress.SERVER) {
        clients.checkAttemptIsDurable(task);
        runs.handedOut(task);
      }
    }
  }

  /// Nobody hears of an end that is not durable.
  private void checkEnded(TaskId task, TaskState state) {
    CompilationTask row = store.row(task);
    if (row != null && row.state() != state) {
      throw new AssertionError("an end was told of that is not durable: " + state + ", " + row);
    }
  }

  /// Nobody here speaks for others.
  static void checkHonest(Effect.CutOff cutOff) {
    if (cutOff.isForged()) {
      throw new AssertionError("nobody has forged anything: " + cutOff);
    }
  }
}
