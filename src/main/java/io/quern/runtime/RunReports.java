package io.quern.runtime;

import io.quern.engine.pass.Progress;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.DeathCount;
import io.quern.task.KeptWork;
import io.quern.task.TaskEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Takes what runs of compilation tasks report on the way to their ends, as far as there is room:
/// log lines, progress, checkpoints and finished blocks. What comes of a run that is not the task's
/// current one is dropped.
final class RunReports {

  /// Progress within one pass is written at most five times a second.
  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(200);

  /// Longer log lines are cut.
  private static final int MAX_LOG_CHARACTERS = 8_192;

  /// The most bytes of one checkpoint, of one finished block, and of all blocks of a task that are
  /// kept; what goes beyond is computed again if it has to be.
  private static final int MAX_CHECKPOINT = 16 << 20;

  private static final int MAX_BLOCK = 1 << 20;
  private static final long MAX_KEPT = 64L << 20;

  private final TaskJournal journal;
  private final Supplier<Instant> now;
  private final int maxUnwritten;
  private final Consumer<DropReason> drop;

  /// @param maxUnwritten events of one task that may wait for the store; further log lines and
  ///   progress are dropped
  /// @param drop counts what is dropped
  RunReports(
      TaskJournal journal, Supplier<Instant> now, int maxUnwritten, Consumer<DropReason> drop) {
    this.journal = journal;
    this.now = now;
    this.maxUnwritten = maxUnwritten;
    this.drop = drop;
  }

  /// Takes a report.
  ///
  /// @param entry the task whose current run it is of; null if it is of none
  void handle(@Nullable TaskEntry entry, Message.RunReport report) {
    TaskEntry.Run run = entry == null ? null : entry.run;
    if (entry == null || run == null || !entry.is(TaskPhase.RUNNING)) {
      drop.accept(DropReason.LATE_LOG);
      return;
    }
    switch (report) {
      case Message.Log log -> handleLog(entry, log);
      case Message.ProgressMade(RuntimeTaskId _, Progress progress) ->
          handleProgress(entry, run, progress);
      case Message.Checkpoint checkpoint -> handleCheckpoint(entry, run, checkpoint);
      case Message.BlockDone block -> handleBlockDone(entry, run, block);
    }
  }

  /// Writes a line into the task's log.
  private void handleLog(TaskEntry entry, Message.Log log) {
    if (entry.unwritten.size() >= maxUnwritten) {
      drop.accept(DropReason.LOG_OVERFLOW);
    } else {
      String text = log.text();
      String cut =
          text.length() <= MAX_LOG_CHARACTERS ? text : text.substring(0, MAX_LOG_CHARACTERS) + "…";
      entry.append(
          entry.nextEvent(now.get(), new TaskEvent.LogLine(log.level(), log.logger(), cut)));
      journal.write(entry);
    }
  }

  /// Writes each new pass, and within a pass at most five reports a second.
  private void handleProgress(TaskEntry entry, TaskEntry.Run run, Progress progress) {
    Progress before = run.progress;
    boolean isNewPass =
        before == null
            || before.passNumber() != progress.passNumber()
            || !before.pass().equals(progress.pass());
    Instant written = run.progressWrittenAt;
    boolean isDue = written == null || !now.get().isBefore(written.plus(PROGRESS_INTERVAL));
    run.progress = progress;
    if ((isNewPass || isDue) && entry.unwritten.size() < maxUnwritten) {
      run.progressWrittenAt = now.get();
      entry.append(entry.nextEvent(now.get(), new TaskEvent.Progressed(progress)));
      journal.write(entry);
    }
  }

  /// Keeps what a compilation has come to; only the newest is worth anything.
  private void handleCheckpoint(TaskEntry entry, TaskEntry.Run run, Message.Checkpoint said) {
    if (said.state().size() > MAX_CHECKPOINT) {
      drop.accept(DropReason.NOT_KEPT);
    } else {
      run.unwrittenCheckpoint =
          new KeptWork.StoredCheckpoint(said.position(), said.engineVersion(), said.state());
      entry.deaths = DeathCount.NONE;
      journal.write(entry);
    }
  }

  /// Keeps a finished block.
  private void handleBlockDone(TaskEntry entry, TaskEntry.Run run, Message.BlockDone block) {
    int size = block.value().size();
    if (size > MAX_BLOCK || run.keptBytes + size > MAX_KEPT) {
      drop.accept(DropReason.NOT_KEPT);
    } else {
      run.keep(block.key(), block.value());
      journal.write(entry);
    }
  }
}
