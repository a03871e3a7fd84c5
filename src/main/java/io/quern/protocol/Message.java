package io.quern.protocol;

import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.task.Blob;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A message between a boss (server or manager) and an employee (manager or worker). "Up" is
/// towards the server. Links keep the order of messages.
public sealed interface Message {

  /// What an employee says of itself, or of what its boss gave it; only ever up.
  sealed interface FromEmployee extends Message {}

  /// What the run of a compilation reports before its end; up to the server.
  sealed interface RunReport extends Message {
    /// The run's root.
    RuntimeTaskId root();
  }

  /// What only a boss says.
  sealed interface FromBoss extends Message {}

  /// Down, first: these ids are yours.
  record Connect(IdBlock ids) implements FromBoss {}

  /// Up, the answer to [Connect], and again whenever the number changes.
  ///
  /// @param workers how many slots the employee has in all
  record Started(int workers) implements FromEmployee {}

  /// Up: the ids are all given out, employees wait for more. The answer is another [Connect].
  record MoreIds() implements FromEmployee {}

  /// A runtime task: down to be run, up to be placed by the boss.
  record Submit(RuntimeTask task) implements Message {}

  /// Several runtime tasks; at least one.
  record SubmitBatch(List<RuntimeTask> tasks) implements Message {
    public SubmitBatch {
      tasks = List.copyOf(tasks);
      if (tasks.isEmpty()) {
        throw new IllegalArgumentException("a batch has at least one task");
      }
    }
  }

  /// What a runtime task returned, on its way to its return address.
  ///
  /// @param completedBy the worker that ran it
  /// @param function what returned it
  /// @param nanos how long it held a slot, the measure by which short tasks are batched
  record Result(
      RuntimeTaskId task,
      long completedBy,
      RuntimeFunction<?, ?> function,
      Object value,
      long nanos)
      implements Message {}

  /// A runtime task failed; travels like its result would. The name is the protocol's.
  @SuppressWarnings("AvoidCommonTypeNames")
  record Error(RuntimeTaskId task, long completedBy, Failure failure, long nanos)
      implements Message {}

  /// Up: a line for the compilation's event log.
  record Log(RuntimeTaskId root, LogLevel level, String logger, String text) implements RunReport {}

  /// Up: how far the compilation is.
  record ProgressMade(RuntimeTaskId root, Progress progress) implements RunReport {}

  /// Up: what a compilation has come to, so that it can go on from there elsewhere.
  ///
  /// @param position how many of its top-level passes are over
  /// @param state a [io.quern.engine.pass.Checkpoint]
  record Checkpoint(RuntimeTaskId root, int position, String engineVersion, Blob state)
      implements RunReport {}

  /// Up: a block of a compilation is finished.
  ///
  /// @param key of its content: function, version, argument
  record BlockDone(RuntimeTaskId root, String key, Blob value) implements RunReport {}

  /// Up, first on a new link to a boss it worked for before: what there is of the boss's. The
  /// answer is [Attached], or [Shutdown] if the boss knows nothing of the sender's ids.
  ///
  /// @param ids all the blocks of ids it was given, the first one first
  /// @param held tasks of the boss's that are here, oldest first
  /// @param awaiting those of them that do not want a slot at this moment
  /// @param results tasks whose results are here and not acknowledged
  record Inventory(
      List<IdBlock> ids,
      List<RuntimeTask> held,
      Set<RuntimeTaskId> awaiting,
      List<RuntimeTaskId> results)
      implements FromEmployee {
    public Inventory {
      ids = List.copyOf(ids);
      held = List.copyOf(held);
      awaiting = Set.copyOf(awaiting);
      results = List.copyOf(results);
      if (ids.isEmpty()) {
        throw new IllegalArgumentException("whoever comes back has ids");
      }
    }
  }

  /// Down: you are back. All that was held is kept but this, which is wanted no more or runs
  /// elsewhere.
  record Attached(List<RuntimeTaskId> dropped) implements FromBoss {
    public Attached {
      dropped = List.copyOf(dropped);
    }
  }

  /// Up, once [Attached]: every task of the sender's that the boss has placed or should.
  record OpenSubmits(List<RuntimeTask> tasks) implements FromEmployee {
    public OpenSubmits {
      tasks = List.copyOf(tasks);
    }
  }

  /// The next so many of the [Result]s and [Error]s that came over this link have reached the
  /// mailbox they are for, or the store; whoever keeps them need not any more.
  record Taken(int results) implements Message {}

  /// Something a runtime task tells its children. Up as far as one of them was handed in, down to
  /// those who have one. Whoever has a child keeps it with the child, for the next run of it, and
  /// passes on only what is new.
  ///
  /// @param address the mailbox in which the children's results are awaited
  /// @param function what the children run
  /// @param number counts what is told to the children of this mailbox, from 1
  record Communicate(
      RuntimeAddress address, RuntimeFunction<?, ?> function, int number, Object content)
      implements Message {
    public Communicate {
      if (number < 1) {
        throw new IllegalArgumentException("what is told is counted from 1, found " + number);
      }
    }

    /// Whether a task is meant and has not heard it yet.
    public boolean isNewsFor(RuntimeTask task) {
      return number > task.lastHeard() && address.covers(task.id().address());
    }
  }

  /// Ends a runtime task and all its descendants.
  ///
  /// @param upToAttempt later attempts live on
  /// @param number of this cancel at its sender, which the [Ack] repeats
  record Cancel(RuntimeAddress address, int upToAttempt, long number) implements Message {
    /// Whether this very run is meant.
    public boolean covers(RuntimeTaskId task) {
      return task.attempt() <= upToAttempt && address.covers(task.address());
    }
  }

  /// Up: the sender and everyone below it has dropped what a [Cancel] named and will send nothing
  /// more of it, so its tombstone can go.
  record Ack(long cancel) implements FromEmployee {}

  /// Up: so many slots have nothing to do.
  ///
  /// @param readReceipt the first task of the newest submit the sender has read; tasks sent after
  ///   it are not in the count
  record Waiting(int idleWorkers, @Nullable RuntimeTaskId readReceipt) implements FromEmployee {}

  /// Up: runtime tasks wait at the sender that could run elsewhere. Sent when there begin to be
  /// some or there are none any more, and as the answer to every [Credit].
  ///
  /// @param tasks how many
  /// @param nanosEach how long one is expected to take
  record Backlog(int tasks, long nanosEach) implements FromEmployee {}

  /// Down: elsewhere there is room for so many of the sender's waiting tasks, which it may submit
  /// upwards. Submits go up in no other way, so nobody is flooded.
  record Credit(int tasks) implements FromBoss {}

  /// Up: a task of the sender gave its slot back because it awaits others (-1) or wants it again
  /// (+1).
  record Update(RuntimeTaskId task, int taskDiff) implements FromEmployee {}

  /// Up: give me nothing more; what I have I finish, and then I leave. What it had not begun comes
  /// back with it.
  ///
  /// @param unstarted tasks of the boss's that were not begun and are to run elsewhere
  record Drain(List<RuntimeTaskId> unstarted) implements FromEmployee {
    public Drain {
      unstarted = List.copyOf(unstarted);
    }
  }

  /// Down: these of the boss's tasks are wanted elsewhere, as far as they were not begun. The
  /// answer is one [Recalled] or several.
  record Recall(List<RuntimeTaskId> tasks) implements FromBoss {
    public Recall {
      tasks = List.copyOf(tasks);
    }
  }

  /// Up: these of the boss's tasks were recalled, or are handed back since the sender drains; they
  /// were not begun and will not be.
  record Recalled(List<RuntimeTaskId> tasks) implements FromEmployee {
    public Recalled {
      tasks = List.copyOf(tasks);
    }
  }

  /// Up: a process below the sender ended that had a task of the boss's; the boss, who counts the
  /// task's attempts, has it run again.
  ///
  /// @param wasExecuting whether the process ended by itself while it executed the task, and so may
  ///   have ended because of it
  /// @param wasAlone whether the process had nothing else
  record Lost(RuntimeTaskId task, boolean wasExecuting, boolean wasAlone) implements FromEmployee {}

  /// Up: which of the boss's tasks the sender's own process executes, or has descendants executed
  /// by; what it passed on, what waits for a slot and what awaits results from elsewhere is not
  /// among them. Said of tasks that are there for a while, once and when it changes.
  ///
  /// @param begun executed from now on
  /// @param ceased not executed, or not any more
  record Executing(List<RuntimeTaskId> begun, List<RuntimeTaskId> ceased) implements FromEmployee {
    public Executing {
      begun = List.copyOf(begun);
      ceased = List.copyOf(ceased);
    }
  }

  /// Up, after [Started], and when something of it has changed: who the sender is, and whom it has
  /// below.
  record Roster(NodeReport node) implements FromEmployee {}

  /// Down: end everything at once. Up: the sender leaves.
  record Shutdown() implements Message {}
}
