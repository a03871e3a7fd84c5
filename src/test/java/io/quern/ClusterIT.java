package io.quern;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.blocks.Forger;
import io.quern.blocks.Ledger.Entry;
import io.quern.testing.EndOfProcess;
import io.quern.testing.FreePorts;
import io.quern.testing.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A server, managers and workers in processes of their own that are killed (-9), frozen, cut off
/// and asked to leave while they work: what is computed again, where and how soon, and what is not;
/// and how soon a cancel frees what they have. No client sees a failed task.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterIT {
  /// By when a server must serve again that has cores to start on.
  private static final Duration SERVING = Duration.ofSeconds(10);

  /// The processor time it may take for that where others hold the cores.
  private static final Duration WORK = Duration.ofSeconds(20);

  /// By when unfinished runtime tasks must run elsewhere.
  private static final Duration ELSEWHERE = Duration.ofSeconds(5);

  /// By when a cancel must have freed every core.
  private static final Duration FREED = Duration.ofMillis(100);

  private static final int ROUNDS = 5;

  private BlockCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    cluster = new BlockCluster(directory);
  }

  @AfterAll
  void stop() throws Exception {
    cluster.close();
  }

  @AfterEach
  void killManagers() throws Exception {
    cluster.cancelAll();
    cluster.killManagers();
  }

  @Test
  void serverKilledAmidAHundredBlocksHasNoneOfThemComputedOrSubmittedTwice(TestReporter reporter)
      throws Exception {
    int job = 1;
    cluster.manager("left", 1, 21);
    cluster.manager("right", 1, 21);
    cluster.awaitWorkers(42);
    String task = cluster.submit("blocks 1 30 70 0");
    cluster.gates().open(1, 30);
    cluster.awaitEntries(job, "start", 70);
    assertThat(cluster.ledger().of(job, "done")).as("blocks done at the kill").hasSize(30);
    cluster.server().kill();
    // The managers go on meanwhile.
    cluster.gates().open(1, 5);
    cluster.awaitEntries(job, "done", 35);

    Duration serving = cluster.restartServer();
    reporter.publishEntry("serving again after a kill", serving.toString());
    Duration worked = cluster.server().process().info().totalCpuDuration().orElseThrow();
    reporter.publishEntry("processor time of that", worked.toString());
    assertThat(serving.compareTo(SERVING) < 0 || worked.compareTo(WORK) < 0)
        .as("serving again after %s with %s of processor time", serving, worked)
        .isTrue();
    cluster.awaitWorkers(42);
    cluster.gates().open(1, 65);
    cluster.awaitResult(task);

    assertThat(cluster.starts(job)).as("blocks begun").hasSize(100);
    assertThat(cluster.starts(job).values()).as("times each was begun").containsOnly(1L);
    assertThat(cluster.ledger().of(job, "done")).hasSize(100);
    assertThat(cluster.ledger().of(job, "root")).hasSize(1);
    assertThat(types(cluster.events(task))).doesNotContain("restarted");
  }

  @Test
  void rootThatIsLostWithTheServerGoesOnFromItsCheckpointAndItsFinishedBlocks() throws Exception {
    int job = 2;
    Process left = cluster.manager("left", 2, 4);
    cluster.awaitWorkers(4);
    String task = cluster.submit("blocks 2 6 10 0", BlockCluster.circuit(7, 24, 2_000), "level=1");
    cluster.awaitEntries(job, "root", 1);
    cluster.manager("right", 2, 4);
    cluster.gates().open(2, 6);
    cluster.awaitEvent(task, "the first are done");
    cluster.awaitEntries(job, "start", 14);
    cluster.server().kill();
    left.destroyForcibly().waitFor();

    cluster.restartServer();
    cluster.gates().open(2, 20);
    cluster.awaitResult(task);

    Map<Integer, Long> starts = cluster.starts(job);
    assertThat(IntStream.range(0, 6).mapToObj(starts::get)).as("the finished").containsOnly(1L);
    assertThat(IntStream.range(6, 16).mapToObj(starts::get)).as("the others").contains(2L);
    assertThat(cluster.ledger().of(job, "root")).hasSize(2);
    List<JsonNode> events = cluster.events(task);
    List<String> types = types(events);
    assertThat(types).containsOnlyOnce("restarted");
    assertThat(events.subList(0, types.indexOf("restarted")))
        .as("the first pass was run")
        .anyMatch(ClusterIT::isOfTheFirstPass);
    assertThat(events.subList(types.indexOf("restarted"), events.size()))
        .as("and not again")
        .noneMatch(ClusterIT::isOfTheFirstPass);
  }

  private static boolean isOfTheFirstPass(JsonNode event) {
    return event.path("type").asString().equals("progress")
        && event.at("/data/pass_number").asInt() == 1;
  }

  @Test
  void whatALostProcessHadRunsElsewhereInTime(TestReporter reporter) throws Exception {
    int job = 3;
    int nodePort = FreePorts.one();
    cluster.manager("root", 3, 1);
    cluster.awaitWorkers(1);
    String task = cluster.submit("blocks 3 0 3 0");
    cluster.awaitEntries(job, "start", 1);
    Process manager = cluster.manager("manager", 4, 2);
    cluster.awaitEntries(job, "start", 3);

    Process middle = cluster.manager("middle", 5, 0, cluster.linkPort(), nodePort);
    Process worker = cluster.manager("worker", 6, 2, nodePort, -1);
    cluster.awaitWorkers(5);
    checkElsewhere(
        reporter, "a manager is killed", job, manager, () -> manager.destroyForcibly().waitFor());

    Process frozen = cluster.manager("frozen", 7, 2);
    cluster.awaitWorkers(5);
    checkElsewhere(
        reporter,
        "a process of workers is killed",
        job,
        worker,
        () -> worker.destroyForcibly().waitFor());

    Process leaf = cluster.manager("leaf", 8, 2, nodePort, -1);
    cluster.awaitWorkers(5);
    checkElsewhere(
        reporter, "a manager is frozen", job, frozen, () -> BlockCluster.signal(frozen, "STOP"));

    cluster.manager("last", 9, 2);
    cluster.awaitWorkers(5);
    checkElsewhere(
        reporter,
        "a manager of managers is killed",
        job,
        leaf,
        () -> middle.destroyForcibly().waitFor());

    // Whoever was frozen is told that nobody wants its work any more.
    BlockCluster.signal(frozen, "CONT");
    BlockCluster.patiently("the end of both blocks of the frozen manager")
        .until(
            () -> cluster.ledger().of(job, "left"),
            left -> left.stream().filter(entry -> entry.pid() == frozen.pid()).count() == 2);
    cluster.gates().open(3, 10);
    cluster.gates().open(9, 10);
    cluster.awaitResult(task);
    assertThat(cluster.ledger().of(job, "done")).as("each counted once").hasSize(3);
    assertThat(types(cluster.events(task))).as("the root was not lost").doesNotContain("restarted");
  }

  @Test
  void managerThatWasCutOffForTooLongComesBackWithWorkThatNobodyWantsAnyMore(TestReporter reporter)
      throws Exception {
    try (TcpProxy wire = TcpProxy.to(cluster.linkPort())) {
      cluster.manager("root", 10, 1);
      cluster.awaitWorkers(1);
      String flat = cluster.submit("blocks 4 0 3 0");
      cluster.awaitEntries(4, "start", 1);
      Process behind = cluster.manager("behind", 11, 4, wire.port(), -1);
      cluster.awaitEntries(4, "start", 3);
      // Its root is behind the wire, its blocks await children there and elsewhere.
      String nested = cluster.submit("blocks 5 0 2 2");
      cluster.awaitEntries(5, "start", 3);
      cluster.manager("elsewhere", 12, 8);
      cluster.awaitEntries(5, "start", 6);

      try (Lateness lateness = cluster.lateness()) {
        long since = System.currentTimeMillis();
        wire.cut();
        // What runs there comes to its end, and cannot say so.
        cluster.gates().open(11, 4);
        cluster.awaitEntries(4, "done", 2);
        checkInTime(reporter, "a link is cut", awaitElsewhere(4, behind, since), lateness);
        cluster.awaitEntries(5, "root", 2);
        long root = cluster.ledger().of(5, "root").getLast().millis();
        checkInTime(reporter, "the root was behind that link", root - since, lateness);
      }
      double late = cluster.metric("quern_messages_dropped_total{reason=\"late_result\"");

      wire.mend();
      BlockCluster.patiently("more late results than " + late)
          .until(
              () -> cluster.metric("quern_messages_dropped_total{reason=\"late_result\""),
              now -> now > late);
      cluster.awaitWorkers(13);
      for (int gate = 10; gate <= 12; gate++) {
        cluster.gates().open(gate, 20);
      }
      cluster.awaitResult(flat);
      cluster.awaitResult(nested);
      assertThat(types(cluster.events(flat))).doesNotContain("restarted");
      assertThat(types(cluster.events(nested))).containsOnlyOnce("restarted");
    }
  }

  @Test
  void whoSubmitsForWorkersOfOthersIsCutOffAndTheOthersGoOn() throws Exception {
    cluster.manager("honest", 13, 1);
    cluster.awaitWorkers(1);
    String task = cluster.submit("blocks 6 0 1 0");
    cluster.awaitEntries(6, "start", 1);
    try (Forger forger = Forger.join("localhost:" + cluster.linkPort())) {
      assertThat(forger.isCutOff()).as("who forged an address is cut off").isTrue();
    }
    for (String counted :
        List.of(
            "quern_links_refused_total{reason=\"forged\"",
            "quern_messages_dropped_total{reason=\"forged_address\"")) {
      BlockCluster.patiently(counted).until(() -> cluster.metric(counted), count -> count >= 1);
    }
    cluster.gates().open(13, 1);
    cluster.awaitResult(task);
    assertThat(cluster.starts(6)).containsOnly(Map.entry(0, 1L));
  }

  @Test
  void cancelFreesEveryCoreAtOnceInsideNumericsToo(TestReporter reporter) throws Exception {
    cluster.manager("fitting", 14, 2);
    cluster.awaitWorkers(2);
    List<Duration> freed = new ArrayList<>();
    // The best of some: what else runs may delay any, a cancel that is noticed late always is.
    while (freed.stream().noneMatch(ClusterIT::isAtOnce) && freed.size() < ROUNDS) {
      int job = 100 + 10 * freed.size();
      String fits = cluster.submit("fit " + job + " 4");
      cluster.awaitEntries(job, "start", 2);
      List<String> next =
          List.of(cluster.submit("hold " + (job + 1)), cluster.submit("hold " + (job + 2)));
      try (Lateness lateness = cluster.lateness()) {
        long since = System.currentTimeMillis();
        assertThat(cluster.server().delete("/tasks/" + fits).statusCode()).isEqualTo(200);
        cluster.awaitEntries(job, "left", 2);
        long last =
            cluster.ledger().of(job, "left").stream().mapToLong(Entry::millis).max().orElseThrow();
        freed.add(Duration.ofMillis(last - since).minus(lateness.soFar()));
      }
      // Both slots have others now.
      cluster.awaitEntries(job + 1, "root", 1);
      cluster.awaitEntries(job + 2, "root", 1);
      assertThat(cluster.ledger().of(job, "start")).as("those that waited").hasSize(2);
      cluster.gates().open(14, 2);
      next.forEach(cluster::awaitResult);
    }
    reporter.publishEntry("cores free after a cancel", freed.toString());
    assertThat(freed).anyMatch(ClusterIT::isAtOnce);
  }

  private static boolean isAtOnce(Duration freed) {
    return freed.compareTo(FREED) <= 0;
  }

  @Test
  void whoIsAskedToLeaveOrHasNoTimeLeftHandsOverWhatItHas(TestReporter reporter) throws Exception {
    String first = cluster.submit("blocks 7 0 2 0");
    Process limited = withWorkAndLittleTime(7);
    long since = System.currentTimeMillis();
    cluster.manager("stays", 16, 2);
    assertThat(EndOfProcess.await("a manager whose time is over", limited)).isZero();
    assertThat(cluster.printed("limited")).contains("the time limit of PT");
    awaitElsewhere(7, limited, since);
    cluster.awaitEntries(7, "start", 3);

    String second = cluster.submit("blocks 8 0 2 0");
    Process asked = cluster.serviceManager("asked", 15, 1, "--quern.manager.drain=1s");
    cluster.awaitEntries(8, "start", 1);
    checkElsewhere(
        reporter,
        "a manager is asked to leave",
        8,
        asked,
        () -> {
          asked.destroy();
          cluster.gates().open(16, 2);
          assertThat(EndOfProcess.await("a manager after SIGTERM", asked)).isEqualTo(143);
        });
    cluster.awaitResult(first);

    // The server leaves too, while blocks run; they go on, or begin anew, when it is back.
    cluster.server().terminate();
    assertThat(cluster.printed("server")).contains("draining: running tasks may");
    cluster.restartServer();
    cluster.gates().open(16, 20);
    cluster.awaitResult(second);
  }

  /// A manager whose time is over soon, but not before it has begun a block: a slow machine gets
  /// more time.
  private Process withWorkAndLittleTime(int job) throws Exception {
    for (int seconds = 6; seconds < 200; seconds *= 2) {
      Process limited =
          cluster.serviceManager(
              "limited",
              15,
              1,
              "--quern.manager.time-limit=" + seconds + "s",
              "--quern.manager.drain=1s");
      BlockCluster.patiently("a block of job %d, or the end of %d s".formatted(job, seconds))
          .until(() -> !limited.isAlive() || !cluster.ledger().of(job, "start").isEmpty());
      if (!cluster.ledger().of(job, "start").isEmpty()) {
        return limited;
      }
    }
    throw new AssertionError(
        "no manager has begun a block of job %d before its time was over:%n%s"
            .formatted(job, cluster.printed("limited")));
  }

  @Test
  void deadlineHandsBackTheBestCircuitOrTheInputRetargeted() throws Exception {
    cluster.manager("compiling", 17, 2);
    cluster.awaitWorkers(2);
    String circuit = BlockCluster.circuit(7, 6, 300);
    for (String limit : List.of("3s", "1ms")) {
      String task =
          cluster.submit("deadline", circuit, "level=3&verify=states&time_limit=" + limit);
      JsonNode result = cluster.awaitResult(task);
      assertThat(result.path("state").asString()).as(limit).isEqualTo("PARTIAL");
      assertThat(result.at("/distance/value").asDouble(1)).as(limit).isLessThan(1e-8);
      assertThat(result.at("/after/gates").propertyNames()).as(limit).isSubsetOf("cx", "u3");
      assertThat(
              result
                  .path("circuit")
                  .asString()
                  .lines()
                  .filter(line -> line.startsWith("cx "))
                  .map(line -> line.replaceAll("[^0-9,]", "").split(","))
                  .mapToInt(ends -> Integer.parseInt(ends[0]) - Integer.parseInt(ends[1])))
          .as("distances on the line, %s", limit)
          .isNotEmpty()
          .containsOnly(1, -1);
    }
  }

  /// What makes a process lost.
  private interface Loss {
    void happen() throws Exception;
  }

  /// Checks that whatever a process had begun of a job is begun by others in time.
  private void checkElsewhere(TestReporter reporter, String what, int job, Process lost, Loss loss)
      throws Exception {
    try (Lateness lateness = cluster.lateness()) {
      long since = System.currentTimeMillis();
      loss.happen();
      checkInTime(reporter, what, awaitElsewhere(job, lost, since), lateness);
    }
  }

  /// How late everything is on this machine does not count.
  private static void checkInTime(
      TestReporter reporter, String what, long millis, Lateness lateness) {
    Duration elsewhere = Duration.ofMillis(millis);
    Duration late = lateness.soFar();
    reporter.publishEntry("elsewhere when " + what, elsewhere + ", of which late " + late);
    assertThat(elsewhere.minus(late)).as(what).isLessThanOrEqualTo(ELSEWHERE);
  }

  /// Waits for it, and says how long it took.
  private long awaitElsewhere(int job, Process lost, long sinceMillis) {
    Set<Integer> missing = new HashSet<>();
    for (Entry each : cluster.ledger().of(job, "start")) {
      if (each.pid() == lost.pid()) {
        missing.add(each.number());
      }
    }
    assertThat(missing).as("blocks that were there").isNotEmpty();
    List<Entry> again =
        BlockCluster.patiently("blocks %s of job %d elsewhere".formatted(missing, job))
            .until(
                () ->
                    cluster.ledger().of(job, "start").stream()
                        .filter(each -> each.pid() != lost.pid() && each.millis() >= sinceMillis)
                        .filter(each -> missing.contains(each.number()))
                        .toList(),
                found -> found.stream().map(Entry::number).distinct().count() == missing.size());
    return again.stream().mapToLong(Entry::millis).max().orElseThrow() - sinceMillis;
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(event -> event.path("type").asString()).toList();
  }
}
