package io.quern.server;

import io.quern.node.Labels;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// How work is taken in and run.
///
/// @param workers runtime tasks that run at a time; 0 for one a core
/// @param localManager whether the server runs tasks itself; without, it needs managers that join
/// @param labels what its own workers offer to tasks that require it, such as `gpu`
/// @param labelGrace how long tasks that require labels nobody offers wait, after the start and
///   after the last manager that offered them has left; then they fail at once
/// @param queue most tasks that may wait for a worker; further ones are refused (429)
/// @param inbox most requests that may wait for the server's loop; further ones are refused (503)
/// @param submissions size of the submissions accepted a moment ago that are kept at hand, so that
///   the store need not be read to start them; 0 for none
/// @param deadlineGrace how long after its time limit a task may take to hand back the best circuit
///   it has before it is ended as failed
/// @param storeRetry pause before a store that failed is tried again
/// @param reattachGrace how long managers may take to come back after a link broke or the service
///   was started again, before what they had runs elsewhere; 0 for no time
/// @param drain how long running tasks may go on when the service stops; what is not finished then
///   runs again after the next start
@Validated
@ConfigurationProperties("quern.runtime")
public record RuntimeProperties(
    @Min(0) @Max(1_024) @DefaultValue("0") int workers,
    @DefaultValue("true") boolean localManager,
    @DefaultValue List<String> labels,
    @NotNull @DurationMin(millis = 0) @DefaultValue("30s") Duration labelGrace,
    @Min(1) @DefaultValue("100000") int queue,
    @Min(1) @DefaultValue("65536") int inbox,
    @NotNull @DefaultValue("16MB") DataSize submissions,
    @NotNull @DurationMin(millis = 1) @DefaultValue("30s") Duration deadlineGrace,
    @NotNull @DurationMin(millis = 1) @DefaultValue("500ms") Duration storeRetry,
    @NotNull @DurationMin(millis = 0) @DefaultValue("3s") Duration reattachGrace,
    @NotNull @DurationMin(millis = 0) @DefaultValue("20s") Duration drain) {
  public RuntimeProperties {
    labels = Labels.checked("quern.runtime.labels", labels);
  }

  int slots() {
    return workers == 0 ? Runtime.getRuntime().availableProcessors() : workers;
  }
}
