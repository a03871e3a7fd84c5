package io.quern.node;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// A manager's process, or one of workers.
///
/// @param role `worker` for a process that is there for its slots alone
/// @param labels what the slots in this process offer to tasks that require it, such as `gpu`
/// @param server `host:port` of the boss, server or manager; empty to wait for one that dials
/// @param listen port on which a boss, managers and workers may dial in; 0 for any free one, -1 for
///   none
/// @param workers worker slots in this process; -1 for one a core, or none if there are worker
///   processes
/// @param workerProcesses worker processes to start and keep running, each with one slot; they end
///   with this one
/// @param endWithParent whether to end when the standard input does, as worker processes do that a
///   manager has started
/// @param cell whether this is a worker process for a task that may end whoever runs it, as
///   managers start them
/// @param managers `host:port` of managers to be managed, which listen
/// @param drain how long what was begun may go on after SIGTERM; what is not finished then runs
///   elsewhere
/// @param reattachGrace how long managers and workers below may take to come back after their link
///   broke, before what they had runs elsewhere; 0 for no time, and then this one too begins anew
///   when it loses its boss
/// @param timeLimit time after which the process drains and ends; 0 for never
@Validated
@ConfigurationProperties("quern.manager")
public record ManagerProperties(
    @DefaultValue("manager") Role role,
    @DefaultValue List<String> labels,
    @Nullable String server,
    @Min(-1) @Max(65_535) @DefaultValue("-1") int listen,
    @Min(-1) @Max(1_024) @DefaultValue("-1") int workers,
    @Min(0) @Max(1_024) @DefaultValue("0") int workerProcesses,
    @DefaultValue("false") boolean endWithParent,
    @DefaultValue("false") boolean cell,
    @DefaultValue List<String> managers,
    @NotNull @DurationMin(millis = 0) @DefaultValue("20s") Duration drain,
    @NotNull @DurationMin(millis = 0) @DefaultValue("3s") Duration reattachGrace,
    @NotNull @DurationMin(millis = 0) @DefaultValue("0s") Duration timeLimit) {
  public ManagerProperties {
    managers = Addresses.checked("quern.manager.managers", managers);
    server =
        server == null || server.isBlank()
            ? null
            : Addresses.checked("quern.manager.server", server);
    labels = Labels.checked("quern.manager.labels", labels);
  }

  /// What the process is started for.
  public enum Role {
    /// It has a boss, slots and nodes below.
    MANAGER,
    /// It has a boss and slots.
    WORKER
  }

  int slots() {
    if (workers >= 0) {
      return workers;
    }
    return workerProcesses > 0 ? 0 : Runtime.getRuntime().availableProcessors();
  }
}
