package io.quern.bqskit;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.bqskit.BqskitHarness.CommitFault;
import io.quern.bqskit.wire.FromClient;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.ToClient;
import io.quern.bqskit.wire.ToManager;
import io.quern.task.TaskEvent;
import io.quern.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A whole cluster in one thread: managers that behave as the originals, clients, a store that is
/// behind and whose commits fail or only seem to, the loss of managers and of the server at any
/// moment. Then the faults end, and every task that was stored must end with its right result.
///
/// One seed again: `-Dquern.bqskit.seed=42`; more of them: `-Dquern.bqskit.seeds=10000`.
class BqskitSimulationTest {
  private static final int STEPS = 600;
  private static final int LAST_STEPS = 200_000;
  private static final Duration STORE_RETRY = Duration.ofMillis(500);

  static LongStream seeds() {
    Long one = Long.getLong("quern.bqskit.seed");
    return one != null
        ? LongStream.of(one)
        : LongStream.range(0, Long.getLong("quern.bqskit.seeds", 300));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyStoredTaskEndsWithItsRightResult(long seed) {
    new Run(seed).run();
  }

  private static final class Run {
    private final Random random;
    private final BqskitHarness quern = new BqskitHarness(0);
    private final List<FakeManager> managers = new ArrayList<>();
    private final Map<UUID, String> programs = new HashMap<>();
    private final List<Long> clients = new ArrayList<>();
    private int kills;

    Run(long seed) {
      random = new Random(seed);
    }

    void run() {
      quern.isStoreSlow = true;
      for (int step = 0; step < STEPS; step++) {
        act(random.nextInt(100));
      }
      quern.commitFaults.clear();
      if (alive().isEmpty()) {
        start();
      }
      int steps = 0;
      while (isAnythingToDo()) {
        steps++;
        assertThat(steps).as("steps after the last fault").isLessThan(LAST_STEPS);
      }
      quern.commit();
      verifyResults();
    }

    private void act(int what) {
      if (what < 3) {
        if (managers.size() < 60 && alive().size() < 4) {
          start();
        }
      } else if (what < 8) {
        submit();
      } else if (what < 10) {
        kill();
      } else if (what < 20) {
        if (random.nextInt(8) == 0) {
          CommitFault[] faults = CommitFault.values();
          quern.commitFaults.add(faults[random.nextInt(faults.length)]);
        }
        quern.commit();
      } else if (what == 20 && random.nextInt(5) == 0) {
        restart();
      } else if (what < 23 && !programs.isEmpty()) {
        request();
      } else if (what < 25) {
        quern.pass(STORE_RETRY);
      } else {
        move();
      }
    }

    private void start() {
      long connection = quern.nextConnection();
      managers.add(new FakeManager(connection, 1 + random.nextInt(3), random));
      quern.tell(new BqskitEvent.ManagerConnected(connection, "manager-" + connection));
    }

    private void submit() {
      if (clients.isEmpty() || random.nextInt(4) == 0) {
        clients.add(quern.client());
      }
      String program =
          switch (random.nextInt(4)) {
            case 0 -> "sum:0:1";
            case 1 -> "sum:1:" + (1 + random.nextInt(6));
            case 2 -> "sum:" + (1 + random.nextInt(3)) + ":" + (1 + random.nextInt(3));
            default -> "race:" + (1 + random.nextInt(4));
          };
      UUID id = quern.submit(clients.get(random.nextInt(clients.size())), program);
      programs.put(id, program);
    }

    private void request() {
      List<UUID> ids = List.copyOf(programs.keySet());
      quern.say(quern.client(), new FromClient.Request(ids.get(random.nextInt(ids.size()))));
    }

    private void kill() {
      List<FakeManager> living = alive();
      if (!living.isEmpty()) {
        FakeManager victim = living.get(random.nextInt(living.size()));
        victim.isDead = true;
        kills++;
        quern.tell(new BqskitEvent.ManagerGone(victim.connection, "kill -9"));
      }
    }

    /// The server is killed; its managers stay behind as they are and are of no use to anybody.
    private void restart() {
      managers.forEach(manager -> manager.isDead = true);
      clients.clear();
      quern.restart();
    }

    private List<FakeManager> alive() {
      return managers.stream().filter(manager -> !manager.isDead).toList();
    }

    /// Something happens below: a message is read at either end, or a worker takes a step.
    private boolean move() {
      List<FakeManager> living = new ArrayList<>(alive());
      while (!living.isEmpty()) {
        FakeManager manager = living.remove(random.nextInt(living.size()));
        List<Integer> kinds = new ArrayList<>(List.of(0, 1, 2));
        Collections.shuffle(kinds, random);
        for (int kind : kinds) {
          if (move(manager, kind)) {
            return true;
          }
        }
      }
      return false;
    }

    private boolean move(FakeManager manager, int kind) {
      List<ToManager> told = quern.told(manager.connection);
      return switch (kind) {
        case 0 -> manager.readOne(told);
        case 1 -> manager.work();
        default -> {
          if (manager.up.isEmpty()) {
            yield false;
          }
          quern.say(manager.connection, manager.up.removeFirst());
          yield true;
        }
      };
    }

    private boolean isAnythingToDo() {
      if (move()) {
        return true;
      }
      int before = quern.effects.size();
      quern.commit();
      if (quern.effects.size() > before) {
        return true;
      }
      // What failed to be written waits for its time; orphans, which wait longer, are never due.
      boolean isRetryDue = !quern.timer.isAfter(quern.now.plus(STORE_RETRY));
      if (isRetryDue) {
        quern.pass(STORE_RETRY);
      }
      return isRetryDue;
    }

    private void verifyResults() {
      quern.isStoreSlow = false;
      quern.rows.forEach(
          (id, row) -> {
            String program = PlainPython.text(PickledValue.of(row.input().task().bytes()));
            assertThat(row.state)
                .as("%s %s after %d kills", program, id, kills)
                .isEqualTo(TaskState.DONE);
            assertThat(PlainPython.text(Objects.requireNonNull(row.result)))
                .as(program)
                .isEqualTo(Long.toString(FakeManager.expected(program)));
            assertThat(row.events)
                .extracting(TaskEvent::number)
                .as("neither gaps nor doubles")
                .isEqualTo(LongStream.rangeClosed(1, row.events.size()).boxed().toList());
            long client = quern.client();
            quern.say(
                client, new FromClient.Request(Objects.requireNonNull(row.input().clientId())));
            assertThat(quern.lastHeard(client))
                .isEqualTo(new ToClient.Result(Objects.requireNonNull(row.result)));
          });
      assertThat(quern.statistics().heldTasks()).as("nothing is held for ever").isZero();
      assertThat(quern.statistics().unfinished()).isZero();
    }
  }
}
