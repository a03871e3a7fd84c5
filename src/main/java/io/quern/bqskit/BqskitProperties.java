package io.quern.bqskit;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// BQSKit's wire: the port for its clients, and its managers.
///
/// @param clientPort where BQSKit's clients connect; 0 for any free one, -1 for nowhere
/// @param bind address of that port. The wire has neither encryption nor login: whoever reaches it
///   runs code on the managers' machines
/// @param managers `host` or `host:port` of `bqskit-manager`s, 7473 being the default port; they
///   are dialled until they answer, and again when they have gone
/// @param tenant who owns what comes by this wire
/// @param keepOrphans how long unfinished tasks go on whose client's connection broke
/// @param forwardImportPaths which directories of a client's `sys.path` managers are sent: `all`,
///   `none`, or prefixes with commas between them
/// @param clientFrame longest message of a client
/// @param managerFrame longest message of a manager
/// @param poisonManagers managers a task may end before it fails; 0 for any number
/// @param results size of the newest results kept at hand, so that the store need not be read
/// @param messages size of the messages between runtime tasks (COMMUNICATE) that are kept, so that
///   a task can run again when its manager is lost; where one had no room, its whole compilation
///   starts anew
/// @param buffer size of what may wait for one client, which is let go then, or for all managers
///   together, from which nothing more is read then
/// @param userTimeout how long a peer may leave data unacknowledged, or a probe unanswered, before
///   its connection is given up
@Validated
@ConfigurationProperties("quern.bqskit")
public record BqskitProperties(
    @Min(-1) @Max(65_535) @DefaultValue("-1") int clientPort,
    @NotBlank @DefaultValue("127.0.0.1") String bind,
    @NotNull @DefaultValue List<String> managers,
    @Pattern(regexp = "[A-Za-z0-9._-]{1,64}") @DefaultValue("default") String tenant,
    @NotNull @DurationMin(millis = 0) @DefaultValue("1h") Duration keepOrphans,
    @NotNull @DefaultValue("all") String forwardImportPaths,
    @NotNull @DefaultValue("64MB") DataSize clientFrame,
    @NotNull @DefaultValue("1GB") DataSize managerFrame,
    @Min(0) @DefaultValue("2") int poisonManagers,
    @NotNull @DefaultValue("16MB") DataSize results,
    @NotNull @DefaultValue("16MB") DataSize messages,
    @NotNull @DefaultValue("64MB") DataSize buffer,
    @NotNull @DurationMin(seconds = 1) @DefaultValue("30s") Duration userTimeout) {
  public BqskitProperties {
    managers = List.copyOf(managers);
  }
}
