package io.quern.server;

import static io.quern.runtime.Fixtures.function;
import static io.quern.runtime.Fixtures.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeFuture;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.pass.RuntimeTaskException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real threads under random trees of tasks that await all or the next, cancel, fail and forgive:
/// every value must be right, and in the end every slot must be free, which it is not if a slot is
/// ever lost between two threads.
class RuntimeStressTest {
  private static final int ROOTS = 60;

  private static final RuntimeFunction<Long, Long> TREE = new Tree();

  /// The seed decides everything a task does and so what it returns.
  private static final class Tree implements RuntimeFunction<Long, Long> {
    @Override
    public String name() {
      return "tree";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public Long run(Long seed, RuntimeHandle runtime) throws InterruptedException {
      SplittableRandom random = new SplittableRandom(seed);
      List<Long> children = children(seed, random);
      if (children.isEmpty()) {
        return seed;
      }
      if (random.nextInt(3) == 0) {
        RuntimeFuture<Long> abandoned = runtime.submitAll(TREE, children);
        if (random.nextBoolean()) {
          runtime.cancel(abandoned);
        }
      }
      if (random.nextInt(4) == 0) {
        failAndForgive(runtime);
      }
      RuntimeFuture<Long> future = runtime.submitAll(TREE, children);
      long sum = seed;
      if (random.nextBoolean()) {
        for (var some = future.next(); !some.isEmpty(); some = future.next()) {
          for (var each : some) {
            sum += each.result();
          }
        }
      } else {
        for (long value : future.await()) {
          sum += value;
        }
      }
      return sum;
    }

    private static void failAndForgive(RuntimeHandle runtime) throws InterruptedException {
      RuntimeFunction<Long, Long> failing =
          function(
              "failing",
              (argument, handle) -> {
                throw new IllegalStateException("as planned");
              });
      try {
        runtime.map(failing, List.of(1L, 2L));
        throw new AssertionError("the failure did not arrive");
      } catch (RuntimeTaskException e) {
        // As planned.
      }
    }

    /// The low decimal digit of a seed is how deep its tree may still go.
    private static List<Long> children(long seed, SplittableRandom random) {
      List<Long> children = new ArrayList<>();
      if (seed % 10 > 0) {
        for (int i = random.nextInt(5); i > 0; i--) {
          children.add(10 * random.nextLong(1_000) + seed % 10 - 1);
        }
      }
      return children;
    }

    static long value(long seed) {
      return seed
          + children(seed, new SplittableRandom(seed)).stream().mapToLong(Tree::value).sum();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void valuesAreRightAndNoSlotIsLost(int workers) throws InterruptedException {
    RuntimeFunction<Long, CompilationResult> root =
        function("root", (seed, runtime) -> result(runtime.submit(TREE, seed).await().getFirst()));
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    try (AttachedServer server = new AttachedServer(workers)) {
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < ROOTS; i++) {
        long seed = 1_000L * i + 5;
        clients.add(
            Thread.startVirtualThread(
                () -> {
                  try {
                    long value = server.run(root, seed, null, LogLevel.INFO, event -> {}).seed();
                    if (value != Tree.value(seed)) {
                      wrong.add(seed + " gave " + value);
                    }
                  } catch (InterruptedException | RuntimeException e) {
                    wrong.add(seed + " threw " + e);
                  }
                }));
      }
      for (Thread client : clients) {
        client.join();
      }
      assertThat(wrong).isEmpty();
      await().untilAsserted(() -> assertThat(server.statistics().idleWorkers()).isEqualTo(workers));
      assertThat(server.statistics().dropped()).doesNotContainKey(DROPPED_BY_DEFECT);
    }
  }

  private static final io.quern.runtime.DropReason DROPPED_BY_DEFECT =
      io.quern.runtime.DropReason.SYSTEM_ERROR;
}
