package io.quern.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.protocol.LinkId;
import io.quern.protocol.NodeReport;
import io.quern.runtime.EmployeePhase;
import io.quern.runtime.NodeStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RosterReportsTest {
  private static final LinkId WORKER = new LinkId(1);
  private static final LinkId NODE = new LinkId(2);
  private static final Instant START = Instant.ofEpochMilli(5_000);

  private final RosterReports reports =
      new RosterReports(new ManagerLoop.Self("east", "1", false, List.of("fast")), START);

  private static NodeStatistics statistics(EmployeePhase phaseOfNode, int idle) {
    return new NodeStatistics(
        5,
        idle,
        0,
        0,
        List.of(
            new NodeStatistics.Employee(WORKER, EmployeePhase.STARTED, 0, 1, 1, 0, 0, 0, null),
            new NodeStatistics.Employee(NODE, phaseOfNode, 16, 4, 4, 0, 0, 0, null)),
        Map.of());
  }

  private NodeReport told(Instant now, NodeStatistics statistics) {
    NodeReport told = reports.toTell(now, statistics, 7);
    return Objects.requireNonNull(told, "nothing was told");
  }

  @Test
  void reportSaysWhoIsHereAndWhoIsBelow() {
    reports.joined(NODE, NodeReport.joined("node", "host:1", "1", List.of(), 4_000));
    NodeReport told = told(START, statistics(EmployeePhase.STARTED, 5));
    assertThat(told.name()).isEqualTo("east");
    assertThat(told.slots()).isEqualTo(1);
    assertThat(told.tasks()).isEqualTo(7);
    assertThat(told.sinceMillis()).isEqualTo(5_000);
    assertThat(told.below()).extracting(NodeReport::name).containsExactly("node");
  }

  @Test
  void slotsOfANodeThatIsAwayAreNobodys() {
    reports.joined(NODE, NodeReport.joined("node", "host:1", "1", List.of(), 4_000));
    NodeReport told = told(START, statistics(EmployeePhase.AWAY, 5));
    assertThat(told.below()).isEmpty();
    assertThat(told.slots()).isEqualTo(1);
  }

  @Test
  void whatHasNotChangedIsNotToldAndWhatHasWaitsForASecond() {
    told(START, statistics(EmployeePhase.STARTED, 5));
    assertThat(reports.nanosToNext(START)).isEqualTo(Long.MAX_VALUE);
    reports.changed();
    assertThat(reports.nanosToNext(START)).isEqualTo(Duration.ofSeconds(1).toNanos());
    assertThat(reports.toTell(START, statistics(EmployeePhase.STARTED, 4), 7)).isNull();
    Instant later = START.plusSeconds(1);
    assertThat(told(later, statistics(EmployeePhase.STARTED, 4)).idle()).isEqualTo(4);
    reports.changed();
    assertThat(reports.toTell(later.plusSeconds(1), statistics(EmployeePhase.STARTED, 4), 7))
        .isNull();
  }

  @Test
  void bossOnANewLinkIsToldAgain() {
    NodeReport before = told(START, statistics(EmployeePhase.STARTED, 5));
    reports.startAnew();
    reports.changed();
    assertThat(told(START.plusSeconds(1), statistics(EmployeePhase.STARTED, 5))).isEqualTo(before);
  }
}
