package io.quern.runtime;

import io.quern.task.TaskId;
import java.util.Map;

/// What must hold across the server's tables at any moment.
final class ServerVerification {
  private ServerVerification() {}

  static void verify(
      Map<TaskId, TaskEntry> tasks,
      Map<Long, ServerMailbox> mailboxes,
      Map<Long, TaskEntry> mailboxToTask,
      TaskQueues queue,
      StartingTasks starting) {
    int queued = 0;
    for (TaskEntry entry : tasks.values()) {
      boolean isQueued = entry.is(TaskPhase.QUEUED) && entry.returning == null;
      queued += isQueued ? 1 : 0;
      boolean isUnderway = entry.is(TaskPhase.LOADING) || entry.is(TaskPhase.STARTING);
      check(!isUnderway || starting.contains(entry.id()), entry, "takes no room");
      check(isQueued == queue.contains(entry), entry, "is queued in one table only");
      check(!entry.is(TaskPhase.ENDED), entry, "has ended and is still here");
      check((entry.ending != null) == entry.is(TaskPhase.ENDING), entry, "ends in one table only");
      TaskEntry.Run run = entry.run;
      if (run == null) {
        check(!entry.is(TaskPhase.RUNNING), entry, "runs without a run");
      } else {
        long mailbox = run.root.address().mailbox();
        check(mailboxToTask.get(mailbox) == entry, entry, "does not own its mailbox");
        ServerMailbox box = mailboxes.get(mailbox);
        check(box == null || box.expected().equals(run.root), entry, "awaits another run");
        check(box != null || entry.is(TaskPhase.ENDING), entry, "runs without a mailbox");
      }
    }
    if (queued != queue.size()) {
      throw new AssertionError(
          "%d tasks are queued, the books say %d".formatted(queued, queue.size()));
    }
    mailboxes.forEach(
        (number, box) -> {
          if (!mailboxToTask.containsKey(number)) {
            throw new AssertionError("mailbox " + number + " belongs to no task");
          }
        });
    mailboxToTask.forEach(
        (number, entry) -> {
          if (tasks.get(entry.id()) != entry) {
            throw new AssertionError("mailbox " + number + " belongs to a task that is gone");
          }
        });
  }

  private static void check(boolean holds, TaskEntry entry, String complaint) {
    if (!holds) {
      throw new AssertionError("task " + entry.id() + " in " + entry.phase() + " " + complaint);
    }
  }
}
