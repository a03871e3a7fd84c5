package io.quern.runtime;

import io.quern.task.Scheduling;
import io.quern.task.TaskExplanation;
import io.quern.task.TaskExplanation.Place;
import io.quern.task.TaskExplanation.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Says in words why a task is where it is.
final class Explanations {

  /// Who works for the server at this moment.
  ///
  /// @param suitable slots whose labels suffice for the task
  /// @param isAwaiting whether managers that are dialled have not answered yet
  private record Cluster(
      int managers, int workers, int idle, int suitable, List<String> labels, boolean isAwaiting) {}

  private final Employees employees;
  private final WaitingTasks waitingTasks;
  private final TaskQueues queues;
  private final OfferedLabels offered;

  Explanations(
      Employees employees, WaitingTasks waitingTasks, TaskQueues queues, OfferedLabels offered) {
    this.employees = employees;
    this.waitingTasks = waitingTasks;
    this.queues = queues;
    this.offered = offered;
  }

  TaskExplanation of(TaskEntry entry, boolean isDraining, boolean isLoadingPaused) {
    TaskEntry.Run run = entry.run;
    Cluster cluster = clusterFor(entry);
    // Whether the root wants a slot; null if no manager has it.
    Boolean isInHand = run == null ? null : employees.isInHand(run.root);
    int outstanding = run == null ? 0 : employees.numTasksOut(run.root);
    int waiting = run == null ? 0 : waitingTasks.numTasksOf(run.root);
    Scheduling scheduling = entry.scheduling();
    Place place = entry.is(TaskPhase.QUEUED) ? place(entry) : null;
    Reason reason = reason(entry, cluster, isDraining, isLoadingPaused, isInHand);
    return new TaskExplanation(
        reason,
        detail(reason, entry, cluster, place, outstanding + waiting) + suspicion(entry),
        place,
        scheduling,
        cluster.labels(),
        cluster.managers(),
        cluster.workers(),
        cluster.idle(),
        cluster.suitable(),
        null,
        outstanding,
        waiting);
  }

  private static String suspicion(TaskEntry entry) {
    return entry.deaths.isSuspect()
        ? "; it runs alone in a worker process of its own, since " + entry.deaths
        : "";
  }

  private Cluster clusterFor(TaskEntry entry) {
    return new Cluster(
        employees.numAtWork(),
        employees.totalWorkers(),
        employees.numIdleWorkers(),
        employees.slotsWith(entry.scheduling().requires()),
        List.copyOf(employees.labelsOffered()),
        offered.isAwaiting());
  }

  private Place place(TaskEntry entry) {
    TaskQueue queue = queues.of(entry);
    return new Place(
        queue.position(entry), queue.size(entry.tenant()), queue.size(), queue.numTenants());
  }

  private static Reason reason(
      TaskEntry entry,
      Cluster cluster,
      boolean isDraining,
      boolean isLoadingPaused,
      @Nullable Boolean isInHand) {
    return switch (entry.phase()) {
      case STORING -> Reason.STORING;
      case QUEUED -> {
        if (isDraining) {
          yield Reason.DRAINING;
        } else if (cluster.workers() == 0) {
          yield Reason.NO_MANAGER;
        } else if (cluster.suitable() == 0) {
          yield Reason.NO_WORKER_WITH_LABELS;
        }
        yield isLoadingPaused ? Reason.STORE_SLOW : Reason.WAITING_FOR_TURN;
      }
      case LOADING, STARTING -> Reason.STARTING;
      case RUNNING -> {
        if (isInHand == null) {
          yield Reason.WAITING_FOR_SLOT;
        }
        yield isInHand ? Reason.RUNNING : Reason.AWAITING;
      }
      case ENDING -> Reason.ENDING;
      case ENDED -> Reason.ENDED;
    };
  }

  private static String detail(
      Reason reason, TaskEntry entry, Cluster cluster, @Nullable Place place, int tasks) {
    return switch (reason) {
      case STORING -> "it is being stored";
      case DRAINING -> "the server is stopping; it runs after the next start";
      case NO_MANAGER ->
          cluster.isAwaiting()
              ? "no manager has joined; those the server dials have not answered yet"
              : "no manager with workers has joined";
      case NO_WORKER_WITH_LABELS ->
          "no worker has every label of "
              + entry.scheduling().requires()
              + "; there are workers with "
              + cluster.labels()
              + (cluster.isAwaiting()
                  ? ", and managers the server dials have not answered yet"
                  : ", and one that was there a moment ago may come back");
      case STORE_SLOW -> "the store cannot be read at this moment; it is tried again";
      case WAITING_FOR_TURN ->
          place == null
              ? "others are before it"
              : "%d of its tenant's tasks are before it and %d wait of %d tenants, for %d slots of which %d are free"
                  .formatted(
                      place.before(),
                      place.length(),
                      place.tenants(),
                      cluster.suitable(),
                      cluster.idle());
      case STARTING -> "its circuit is being read and its attempt stored";
      case WAITING_FOR_SLOT ->
          "it has begun and waits for one of %d slots, of which %d are free"
              .formatted(cluster.suitable(), cluster.idle());
      case RUNNING ->
          "its root has a slot, or is the next to get one; %d of its runtime tasks are out"
              .formatted(tasks);
      case AWAITING -> {
        String pass = entry.passReached();
        yield "its root awaits runtime tasks%s; %d are known to the server"
            .formatted(pass == null ? "" : " of pass " + pass, Math.max(0, tasks - 1));
      }
      case ENDING -> "its end is being stored";
      case ENDED -> "it is over";
    };
  }
}
