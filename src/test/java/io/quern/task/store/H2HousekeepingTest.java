package io.quern.task.store;

import static io.quern.task.store.TaskFixtures.accepted;
import static io.quern.task.store.TaskFixtures.done;
import static io.quern.task.store.TaskFixtures.lines;
import static io.quern.task.store.TaskFixtures.newId;
import static io.quern.task.store.TaskFixtures.started;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.task.TaskId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2HousekeepingTest {
  @TempDir Path directory;

  @Test
  void spaceOfOldPagesIsWonBackAndNothingIsLost() throws Exception {
    List<TaskId> ids = new ArrayList<>();
    try (StoreFixture fixture = StoreFixture.open(directory)) {
      // While nothing may be overwritten, H2 drops no dead part of the file by itself, however much
      // time there is between two commits: what is to be won back does not depend on the machine.
      try (H2Housekeeping _ = new H2Housekeeping(fixture.database.writers(), Duration.ofHours(1))) {
        for (int i = 0; i < 400; i++) {
          TaskId id = newId();
          ids.add(id);
          fixture.store.commit(List.of(accepted(id), started(id, 1, 2)));
          fixture.store.commit(List.of(lines(id, 3, 5), done(id, 6)));
        }
      }
      try (H2Housekeeping housekeeping =
          new H2Housekeeping(fixture.database.writers(), Duration.ZERO)) {
        int before = housekeeping.fillRate();
        assertThat(before).as("share of live pages after small commits").isLessThan(30);

        for (int i = 0; i < 50; i++) {
          housekeeping.run();
        }

        assertThat(housekeeping.fillRate()).as("the same after housekeeping").isGreaterThan(60);
        check(fixture, ids);
      }
    }
    try (StoreFixture fixture = StoreFixture.open(directory)) {
      check(fixture, ids);
    }
  }

  private static void check(StoreFixture fixture, List<TaskId> ids) {
    for (TaskId id : ids) {
      assertThat(fixture.store.events(id, 1, 10)).hasSize(6);
      assertThat(fixture.store.findSubmission(id)).isNotNull();
      assertThat(fixture.store.findResult(id)).isNotNull();
    }
  }
}
