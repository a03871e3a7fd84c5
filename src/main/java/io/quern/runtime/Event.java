package io.quern.runtime;

import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.task.CompilationTask;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskId;
import io.quern.task.TaskStore.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What can happen to a server or manager.
public sealed interface Event {

  /// Something happened on a link.
  sealed interface LinkEvent extends Event {
    LinkId link();
  }

  /// An employee's link is open.
  record LinkOpened(LinkId link) implements LinkEvent {}

  /// The link of an employee with workers of its own is open: a manager, or a process of workers.
  record NodeOpened(LinkId link) implements LinkEvent {}

  /// Who is at the other end of a link will leave then.
  record NodeLeaves(LinkId link, Instant at) implements LinkEvent {}

  /// The link of a worker process is open that was asked for by [Effect.SpawnCell].
  record CellOpened(LinkId link) implements LinkEvent {}

  /// The link of a node that worked for this one before is open; its inventory follows. Of a
  /// manager's own boss: the boss is there again.
  record NodeReturned(LinkId link) implements LinkEvent {}

  /// A link broke; who was at its other end may live and come back. If it does not, its process has
  /// ended.
  ///
  /// @param silence how long nothing had been heard of it; zero if signs of life came as they
  ///   should
  record LinkCut(LinkId link, Duration silence) implements LinkEvent {
    /// Of one that was heard just now.
    public LinkCut(LinkId link) {
      this(link, Duration.ZERO);
    }
  }

  record Received(LinkId link, Message message) implements LinkEvent {}

  /// A link was given up: its end was wanted, or the other side broke the protocol or was silent
  /// for too long. Of its process that says nothing.
  record LinkClosed(LinkId link) implements LinkEvent {}

  /// Something only the server hears.
  sealed interface ServerEvent extends Event {}

  /// A task that the store holds unfinished, oldest first, before [DoorsOpened].
  record Recovered(CompilationTask task) implements ServerEvent {}

  /// Everything unfinished was recovered: submissions are welcome.
  record DoorsOpened() implements ServerEvent {}

  /// Managers elsewhere can reach the service: those that were here before may be expected back
  /// from now on. May be said again, after [DoorsOpened], when another way to join has opened.
  record ManagersMayJoin() implements ServerEvent {}

  /// Something a client waits to be answered.
  sealed interface ClientEvent extends ServerEvent {
    ReplyTo reply();
  }

  /// @param atomic all or none
  record ClientSubmit(ReplyTo reply, List<NewTask> tasks, boolean atomic) implements ClientEvent {
    public ClientSubmit {
      tasks = List.copyOf(tasks);
    }
  }

  record ClientCancel(ReplyTo reply, String tenant, TaskId task) implements ClientEvent {}

  /// Asks for a task's status now.
  record ClientStatus(ReplyTo reply, TaskId task) implements ClientEvent {}

  /// Asks for a task's status as soon as it has ended.
  record ClientRequest(ReplyTo reply, TaskId task) implements ClientEvent {}

  /// Asks why a task is where it is.
  record ClientExplain(ReplyTo reply, TaskId task) implements ClientEvent {}

  /// So many of the managers the server dials have not answered yet: they may offer any label.
  record ManagersAwaited(int managers) implements ServerEvent {}

  /// What became of an [Effect.Persist], record by record.
  record Committed(long seq, List<Outcome> outcomes) implements ServerEvent {
    public Committed {
      outcomes = List.copyOf(outcomes);
    }
  }

  /// The store's queue had no room for an [Effect.Persist]; nothing was or will be written.
  record Refused(long seq) implements ServerEvent {}

  /// What the store holds, answering an [Effect.ReadBack]; tasks it does not know are missing.
  record ReadBackDone(long seq, Map<TaskId, CompilationTask> found) implements ServerEvent {
    public ReadBackDone {
      found = Map.copyOf(found);
    }
  }

  record ReadBackFailed(long seq, String reason) implements ServerEvent {}

  record SubmissionLoaded(TaskId task, RootWork work) implements ServerEvent {}

  /// The submission cannot be used, now or later.
  record SubmissionUnusable(TaskId task, String reason) implements ServerEvent {}

  /// The store could not be read; worth another try.
  record LoadFailed(TaskId task, String reason) implements ServerEvent {}

  /// The time asked for by an [Effect.ArmTimer] has come.
  record TimerFired() implements Event {}

  /// Stop accepting; what runs may finish until then.
  record DrainStarted(Instant until) implements Event {}
}
