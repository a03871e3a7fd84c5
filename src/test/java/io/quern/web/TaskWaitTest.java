package io.quern.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.runtime.Fixtures;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskId;
import io.quern.task.TaskState;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TaskWaitTest {
  @Test
  void whereThereIsNoRoomToWaitTheAnswerComesAtOnce() throws InterruptedException {
    InMemoryTasks tasks = new InMemoryTasks();
    TaskLookup lookup = new TaskLookup(tasks);
    LimitsProperties limits =
        new Binder(new MapConfigurationPropertySource(Map.of()))
            .bindOrCreate("quern.limits", LimitsProperties.class);
    TaskWait none = new TaskWait(lookup, tasks, new EventStreams(lookup, tasks, limits), 0);
    TaskId id = Fixtures.taskId(1);
    tasks.submit(new NewTask(id, "alice", Fixtures.submission(), Fixtures.NOTHING, null)).join();
    assertThat(none.await("alice", id, Duration.ofDays(1)).state()).isEqualTo(TaskState.QUEUED);
  }
}
