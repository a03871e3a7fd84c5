package io.quern.runtime.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/// A process in simulated time: what is to happen in it happens later while it is paused, in the
/// same order, and never once it is dead.
final class SimulatedProcess {
  private final Scheduler scheduler;
  private final Deque<Runnable> heldUp = new ArrayDeque<>();
  private Instant resumes = Instant.EPOCH;
  private boolean isDead;
  private boolean isForsaken;

  SimulatedProcess(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  void at(Instant time, Runnable action) {
    scheduler.at(time, () -> run(action));
  }

  void after(Duration delay, Runnable action) {
    scheduler.after(delay, () -> run(action));
  }

  private void run(Runnable action) {
    if (isDead) {
      return;
    }
    if (isPaused() || !heldUp.isEmpty()) {
      if (heldUp.isEmpty()) {
        scheduler.at(resumes, this::goOn);
      }
      heldUp.add(action);
    } else {
      action.run();
    }
  }

  /// Does what was held up, also by a pause that began within another.
  private void goOn() {
    while (!heldUp.isEmpty() && !isDead) {
      if (isPaused()) {
        scheduler.at(resumes, this::goOn);
        return;
      }
      heldUp.remove().run();
    }
  }

  /// It stands still for a while, as under SIGSTOP or in a garbage collection.
  void pause(Duration time) {
    Instant end = scheduler.now().plus(time);
    resumes = end.isAfter(resumes) ? end : resumes;
  }

  boolean isPaused() {
    return scheduler.now().isBefore(resumes);
  }

  /// How long it is still paused.
  Duration rest() {
    return isPaused() ? Duration.between(scheduler.now(), resumes) : Duration.ZERO;
  }

  void die() {
    isDead = true;
  }

  /// Who could tell it anything is dead.
  void forsake() {
    isForsaken = true;
  }

  boolean isForsaken() {
    return isForsaken;
  }

  boolean isDead() {
    return isDead;
  }
}
