package io.quern.server;

import static io.quern.runtime.Fixtures.function;
import static io.quern.runtime.Fixtures.listening;
import static io.quern.runtime.Fixtures.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.ListeningFunction;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeFuture;
import io.quern.engine.pass.RuntimeTaskException;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.TaskEvent;
import io.quern.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Functions on the real runtime: core, manager, workers and their threads.
class AttachedServerTest {
  private static final RuntimeFunction<Long, Long> SQUARE =
      function("square", (argument, runtime) -> argument * argument);

  private final AttachedServer server = new AttachedServer(2);

  @AfterEach
  void close() {
    server.close();
  }

  private <A> CompilationResult run(RuntimeFunction<A, CompilationResult> root, A argument)
      throws InterruptedException {
    return server.run(root, argument, null, LogLevel.INFO, event -> {});
  }

  @Test
  void resultOfTheFunctionComesBack() throws InterruptedException {
    CompilationResult compiled = run(function("root", (n, runtime) -> result(n)), 42L);
    assertThat(compiled.seed()).isEqualTo(42);
  }

  @Test
  void mapGivesResultsInArgumentOrder() throws InterruptedException {
    List<Long> arguments = LongStream.range(0, 1_000).boxed().toList();
    List<Long> squares = new ArrayList<>();
    run(
        function(
            "root",
            (numbers, runtime) -> {
              squares.addAll(runtime.map(SQUARE, numbers));
              return result(0);
            }),
        arguments);
    assertThat(squares).isEqualTo(arguments.stream().map(n -> n * n).toList());
  }

  @Test
  void nextGivesEachResultOnceUntilAllWereGiven() throws InterruptedException {
    List<Long> slots = new ArrayList<>();
    run(
        function(
            "root",
            (count, runtime) -> {
              RuntimeFuture<Long> future =
                  runtime.submitAll(SQUARE, LongStream.range(0, count).boxed().toList());
              for (var arrived = future.next(); !arrived.isEmpty(); arrived = future.next()) {
                for (var each : arrived) {
                  assertThat(each.result()).isEqualTo((long) each.slot() * each.slot());
                  slots.add((long) each.slot());
                }
              }
              return result(0);
            }),
        100L);
    assertThat(slots)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 100).boxed().toList());
  }

  @Test
  void tasksNestWithoutEnd() throws InterruptedException {
    RuntimeFunction<Integer, Long> fibonacci = new Fibonacci();
    CompilationResult compiled =
        run(
            function(
                "root", (n, runtime) -> result(runtime.submit(fibonacci, n).await().getFirst())),
            15);
    assertThat(compiled.seed()).isEqualTo(610);
  }

  private static final class Fibonacci implements RuntimeFunction<Integer, Long> {
    @Override
    public String name() {
      return "fibonacci";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public Long run(Integer n, io.quern.engine.pass.RuntimeHandle runtime)
        throws InterruptedException {
      if (n < 2) {
        return (long) n;
      }
      return runtime.map(this, List.of(n - 1, n - 2)).stream().mapToLong(Long::longValue).sum();
    }
  }

  @Test
  void awaitingGivesTheSlotToOthers() throws InterruptedException {
    try (AttachedServer single = new AttachedServer(1)) {
      CompilationResult compiled =
          single.run(
              function(
                  "root", (n, runtime) -> result(runtime.submit(SQUARE, n).await().getFirst())),
              9L,
              null,
              LogLevel.INFO,
              event -> {});
      assertThat(compiled.seed()).isEqualTo(81);
    }
  }

  @Test
  void failureOfAChildReachesItsParentWhoMayHandleIt() throws InterruptedException {
    RuntimeFunction<Long, Long> failing =
        function(
            "failing",
            (n, runtime) -> {
              throw new IllegalStateException("no luck with " + n);
            });
    List<String> seen = new ArrayList<>();
    run(
        function(
            "root",
            (n, runtime) -> {
              try {
                runtime.submit(failing, n).await();
              } catch (RuntimeTaskException e) {
                seen.add(e.getMessage());
              }
              return result(0);
            }),
        7L);
    assertThat(seen).containsExactly("failing failed: no luck with 7");
  }

  @Test
  void failureNamesPassBlockAndCause() {
    RuntimeFunction<Long, Long> failing =
        function(
            "failing",
            (n, runtime) -> {
              throw new QuernException(
                  ErrorCode.PASS_FAILED,
                  "block 17 is no unitary",
                  Map.of("pass", "KakSynthesis", "block", 17));
            });
    QuernException failure =
        catchThrowableOfType(
            QuernException.class,
            () ->
                run(
                    function(
                        "root",
                        (n, runtime) -> {
                          runtime.submit(failing, n).await();
                          return result(0);
                        }),
                    1L));
    assertThat(failure.code()).isEqualTo(ErrorCode.PASS_FAILED);
    assertThat(failure).hasMessage("block 17 is no unitary");
    assertThat(failure.details()).containsEntry("pass", "KakSynthesis").containsEntry("block", 17);
  }

  @Test
  void failureWithoutNamedPassNamesTheOneReportedLast() {
    QuernException failure =
        catchThrowableOfType(
            QuernException.class,
            () ->
                run(
                    function(
                        "root",
                        (n, runtime) -> {
                          runtime.progress(new Progress("SabreRouting", 1, 2, 0, 0));
                          throw new IllegalStateException("lost my way");
                        }),
                    1L));
    assertThat(failure.details()).containsEntry("pass", "SabreRouting");
    assertThat(failure.details())
        .extractingByKey("cause", InstanceOfAssertFactories.STRING)
        .startsWith("java.lang.IllegalStateException: lost my way at");
  }

  @Test
  void stackOverflowFailsOnlyItsOwnTask() throws InterruptedException {
    RuntimeFunction<Long, CompilationResult> endless =
        function("endless", (n, runtime) -> result(recurse(n)));
    QuernException failure = catchThrowableOfType(QuernException.class, () -> run(endless, 0L));
    assertThat(failure.code()).isEqualTo(ErrorCode.PASS_FAILED);
    assertThat(run(function("root", (n, runtime) -> result(n)), 5L).seed()).isEqualTo(5);
  }

  @SuppressWarnings("InfiniteRecursion")
  private static long recurse(long n) {
    return recurse(n + 1) + 1;
  }

  @Test
  void outOfMemoryFailsOnlyItsOwnTask() throws InterruptedException {
    RuntimeFunction<Long, CompilationResult> greedy =
        function(
            "greedy",
            (n, runtime) -> {
              List<long[]> hoard = new ArrayList<>();
              while (hoard.size() < 1_000) {
                hoard.add(new long[Integer.MAX_VALUE - 8]);
              }
              return result(hoard.size());
            });
    QuernException failure = catchThrowableOfType(QuernException.class, () -> run(greedy, 0L));
    assertThat(failure.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
    assertThat(run(function("root", (n, runtime) -> result(n)), 5L).seed()).isEqualTo(5);
  }

  @Test
  void cancelledChildrenNoticeAndTheirSlotsAreFree() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    RuntimeFunction<Long, Long> searching =
        function(
            "searching",
            (n, runtime) -> {
              begun.countDown();
              try {
                while (true) {
                  runtime.checkCancelled();
                  Thread.onSpinWait();
                }
              } finally {
                left.countDown();
              }
            });
    CompilationResult compiled =
        run(
            function(
                "root",
                (n, runtime) -> {
                  RuntimeFuture<Long> search = runtime.submit(searching, n);
                  begun.await();
                  runtime.cancel(search);
                  runtime.cancel(search);
                  left.await();
                  return result(runtime.map(SQUARE, List.of(1L, 2L, 3L)).getLast());
                }),
            1L);
    assertThat(compiled.seed()).isEqualTo(9);
  }

  @Test
  void childrenNobodyAwaitsEndWithTheirParent() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    RuntimeFunction<Long, Long> searching =
        function(
            "searching",
            (n, runtime) -> {
              begun.countDown();
              while (!runtime.isCancelled()) {
                Thread.onSpinWait();
              }
              left.countDown();
              return n;
            });
    run(
        function(
            "root",
            (n, runtime) -> {
              runtime.submit(searching, n);
              begun.await();
              return result(0);
            }),
        1L);
    assertThat(left.await(2, TimeUnit.MINUTES)).as("it noticed").isTrue();
  }

  @Test
  void childrenHearWhatTheirParentSaysBeforeTheyBeginAndWhileTheyRun() throws InterruptedException {
    CountDownLatch hasBegun = new CountDownLatch(1);
    ListeningFunction<Long, String, String> listening =
        listening(
            "listening",
            (n, runtime, self) -> {
              List<String> heard = new ArrayList<>(runtime.messages(self));
              hasBegun.countDown();
              while (!heard.contains("stop")) {
                runtime.checkCancelled();
                heard.addAll(runtime.messages(self));
                Thread.onSpinWait();
              }
              return String.join(" ", heard);
            });
    List<String> heard = new ArrayList<>();
    RuntimeFunction<Long, CompilationResult> root =
        function(
            "root",
            (n, runtime) -> {
              RuntimeFuture<String> future = runtime.submitAll(listening, List.of(1L, 2L, 3L));
              runtime.communicate(future, listening, "one");
              runtime.communicate(future, listening, "two");
              if (n > 0) {
                hasBegun.await();
              }
              runtime.communicate(future, listening, "stop");
              heard.addAll(future.await());
              return result(0);
            });
    run(root, 1L);
    try (AttachedServer single = new AttachedServer(1)) {
      single.run(root, 0L, null, LogLevel.INFO, event -> {});
    }
    assertThat(heard).hasSize(6).containsOnly("one two stop");
  }

  @Test
  void onlyOnesOwnChildrenCanBeToldSomethingAndOnlyWhatTheirFunctionTakes()
      throws InterruptedException {
    ListeningFunction<Long, Long, String> listening =
        listening("listening", (n, runtime, self) -> n);
    ListeningFunction<Long, Long, String> another = listening("another", (n, runtime, self) -> n);
    List<String> refusals = new ArrayList<>();
    run(
        function(
            "root",
            (n, runtime) -> {
              RuntimeFuture<Long> future = runtime.submit(listening, n);
              refusals.add(refusal(() -> runtime.communicate(future, another, "hello")));
              refusals.add(refusal(() -> runtime.messages(another)));
              for (int i = 0; i < 256; i++) {
                runtime.communicate(future, listening, "again");
              }
              refusals.add(refusal(() -> runtime.communicate(future, listening, "once more")));
              future.await();
              return result(0);
            }),
        1L);
    assertThat(refusals)
        .containsExactly(
            "the tasks behind the future run listening, what is said is for another",
            "this task runs root and not another",
            "a task tells the tasks behind one future at most 256 things");
  }

  private static String refusal(Runnable action) {
    try {
      action.run();
    } catch (IllegalArgumentException | IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
    return "none";
  }

  @Test
  void whatATaskCachesIsThereForTheNextOnItsWorker() throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    RuntimeFunction<Long, Long> using =
        function(
            "using",
            (n, runtime) -> (long) runtime.cached(Integer.class, "n", made::incrementAndGet));
    run(
        function(
            "root",
            (n, runtime) -> {
              runtime.map(using, LongStream.range(0, 100).boxed().toList());
              return result(0);
            }),
        1L);
    assertThat(made.get()).as("once for each of two workers at most").isBetween(1, 2);
  }

  @Test
  void timeLimitGivesAPartialResult() throws InterruptedException {
    CompilationResult compiled =
        server.run(
            function(
                "root",
                (n, runtime) -> {
                  while (!runtime.isTimeUp()) {
                    Thread.onSpinWait();
                  }
                  return result(n, true);
                }),
            3L,
            Duration.ofMillis(20),
            LogLevel.INFO,
            event -> {});
    assertThat(compiled.isPartial()).isTrue();
  }

  @Test
  void listenerHearsEventsInOrderFilteredByLevel() throws InterruptedException {
    List<TaskEvent.Data> heard = new ArrayList<>();
    server.run(
        function(
            "root",
            (n, runtime) -> {
              runtime.log(LogLevel.DEBUG, "test", "too much");
              runtime.log(LogLevel.INFO, "test", "hello");
              runtime.progress(new Progress("First", 1, 1, 0, 0));
              return result(n);
            }),
        3L,
        null,
        LogLevel.INFO,
        heard::add);
    assertThat(heard.subList(0, 2))
        .containsExactly(
            new TaskEvent.StateChanged(null, TaskState.QUEUED, null),
            new TaskEvent.StateChanged(TaskState.QUEUED, TaskState.RUNNING, null));
    assertThat(heard.subList(2, 4))
        .containsExactly(
            new TaskEvent.LogLine(LogLevel.INFO, "test", "hello"),
            new TaskEvent.Progressed(new Progress("First", 1, 1, 0, 0)));
    assertThat(heard.getLast()).isInstanceOf(TaskEvent.ResultReady.class);
  }

  @Test
  @SuppressWarnings("NullAway") // what a function compiled without its checks may do
  void functionThatReturnsNothingFailsItsTask() {
    RuntimeFunction<Long, CompilationResult> forgetful =
        function("forgetful", (n, runtime) -> null);
    assertThatThrownBy(() -> run(forgetful, 1L)).hasMessageContaining("forgetful returned null");
  }

  @Test
  void manyCompilationsRunAtATime() throws InterruptedException {
    List<Thread> callers = new ArrayList<>();
    ConcurrentLinkedQueue<Long> sums = new ConcurrentLinkedQueue<>();
    for (long i = 0; i < 20; i++) {
      long number = i;
      callers.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  sums.add(
                      run(
                              function(
                                  "root",
                                  (n, runtime) ->
                                      result(
                                          runtime
                                              .map(SQUARE, LongStream.range(0, 50).boxed().toList())
                                              .stream()
                                              .mapToLong(x -> x + n)
                                              .sum())),
                              number)
                          .seed());
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(sums)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.range(0, 20).mapToObj(n -> 40_425 + 50 * n).toList());
  }
}
