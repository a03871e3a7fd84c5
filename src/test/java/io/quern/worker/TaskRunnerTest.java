package io.quern.worker;

import static io.quern.worker.WorkerDriver.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.runtime.Fixtures;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What the threads of a worker run next, and what its boss can have back.
class TaskRunnerTest {

  @Test
  void whatIsRecalledIsNotRunAndWhatHasBegunIsNotRecalled() throws InterruptedException {
    BlockingQueue<WorkerEvent> reports = new LinkedBlockingQueue<>();
    CountDownLatch hasBegun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    RuntimeFunction<String, String> held =
        Fixtures.function(
            "held",
            (argument, runtime) -> {
              hasBegun.countDown();
              mayEnd.await();
              return argument;
            });
    List<RuntimeTask> tasks = List.of(task(1, held), task(2, held), task(3, held));
    List<RuntimeTaskId> ids = tasks.stream().map(RuntimeTask::id).toList();
    try (TaskRunner runner =
        new TaskRunner(
            "test", 1, FunctionRegistry.of(List.of()), InstantSource.system(), reports::add)) {
      runner.start(7);
      tasks.forEach(runner::execute);
      assertThat(hasBegun.await(2, TimeUnit.MINUTES)).as("the first has begun").isTrue();
      assertThat(runner.recall(List.of(ids.get(0), ids.get(1)))).containsExactly(ids.get(1));
      mayEnd.countDown();
      for (RuntimeTaskId returned : List.of(ids.get(0), ids.get(2))) {
        assertThat(reports.poll(2, TimeUnit.MINUTES))
            .isInstanceOfSatisfying(
                WorkerEvent.Returned.class, each -> assertThat(each.task()).isEqualTo(returned));
      }
      assertThat(runner.recall(ids)).isEmpty();
    }
  }

  @Test
  void whatHasAwaitedGoesOnBeforeAnythingNewIsBegun() throws InterruptedException {
    BlockingQueue<RuntimeTaskId> ends = new LinkedBlockingQueue<>();
    CountDownLatch hasBegun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    RuntimeFunction<String, String> plain =
        Fixtures.function("plain", (argument, runtime) -> argument);
    RuntimeTask awaiting =
        task(
            1,
            Fixtures.<String, String>function(
                "awaiting",
                (argument, runtime) -> runtime.submit(plain, argument).await().getFirst()));
    RuntimeTask held =
        task(
            2,
            Fixtures.<String, String>function(
                "held",
                (argument, runtime) -> {
                  hasBegun.countDown();
                  mayEnd.await();
                  return argument;
                }));
    RuntimeTask fresh = task(3, plain);
    try (TaskRunner runner =
        new TaskRunner(
            "test",
            1,
            FunctionRegistry.of(List.of()),
            InstantSource.system(),
            event -> {
              if (event instanceof WorkerEvent.Returned returned) {
                ends.add(returned.task());
              }
            })) {
      runner.start(7);
      runner.execute(awaiting);
      runner.execute(held);
      assertThat(hasBegun.await(2, TimeUnit.MINUTES)).as("the slot was free").isTrue();
      runner.execute(fresh);
      runner.resume(awaiting.id(), new Delivery.All(List.of("result")));
      mayEnd.countDown();
      for (RuntimeTask each : List.of(held, awaiting, fresh)) {
        assertThat(ends.poll(2, TimeUnit.MINUTES)).isEqualTo(each.id());
      }
    }
  }

  private static RuntimeTask task(long mailbox, RuntimeFunction<?, ?> function) {
    RuntimeTask like = root(mailbox);
    return new RuntimeTask(
        like.id(), like.breadcrumbs(), like.compilation(), function, like.argument());
  }
}
