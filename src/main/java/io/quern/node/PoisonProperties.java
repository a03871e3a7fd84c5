package io.quern.node;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// What is done about tasks that end the processes that run them.
///
/// @param deaths how many processes may end, without having been drained or stopped, while they
///   execute a task before it fails; after the first it runs alone in a worker process of its own,
///   and two of them must have ended that way. 0 for any number: then none is counted
@Validated
@ConfigurationProperties("quern.poison")
public record PoisonProperties(@Min(0) @DefaultValue("3") int deaths) {}
