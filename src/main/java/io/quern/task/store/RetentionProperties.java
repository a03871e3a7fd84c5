package io.quern.task.store;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How long tasks are kept.
///
/// @param finished time from a task's end until it is removed with its result and events; 0 removes
///   it with the next sweep
/// @param expired time the id of a removed task is remembered: it answers 410 instead of 404
/// @param logLines newest log lines kept of a task; older ones give way to a `gap` event
/// @param sweep time between two sweeps, which remove what is kept no longer
@Validated
@ConfigurationProperties("quern.retention")
public record RetentionProperties(
    @DurationMin(seconds = 0) @DefaultValue("7d") Duration finished,
    @DurationMin(seconds = 0) @DefaultValue("30d") Duration expired,
    @Min(1) @Max(10_000_000) @DefaultValue("10000") int logLines,
    @DurationMin(seconds = 1) @DefaultValue("1m") Duration sweep) {

  Retention retention() {
    return new Retention(finished, expired, logLines);
  }
}
