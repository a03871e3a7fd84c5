package io.quern.protocol;

import io.quern.engine.pass.RuntimeFunction;
import io.quern.task.DeathCount;
import io.quern.task.KeptWork;
import java.util.ArrayList;
import java.util.List;

/// A registered function with its argument and a return address.
///
/// @param argument immutable; within one JVM handed over as it is
/// @param kept what earlier runs have finished; of roots only
/// @param deaths processes that ended while they executed earlier runs; if there were any it runs
///   alone in a worker process of its own
/// @param heard what its submitter has told it so far, oldest first
public record RuntimeTask(
    RuntimeTaskId id,
    Breadcrumbs breadcrumbs,
    CompilationContext compilation,
    RuntimeFunction<?, ?> function,
    Object argument,
    KeptWork kept,
    DeathCount deaths,
    List<Message.Communicate> heard) {

  public RuntimeTask {
    heard = List.copyOf(heard);
  }

  /// A task that has ended no process and was told nothing.
  public RuntimeTask(
      RuntimeTaskId id,
      Breadcrumbs breadcrumbs,
      CompilationContext compilation,
      RuntimeFunction<?, ?> function,
      Object argument,
      KeptWork kept) {
    this(id, breadcrumbs, compilation, function, argument, kept, DeathCount.NONE, List.of());
  }

  /// A task that begins with nothing.
  public RuntimeTask(
      RuntimeTaskId id,
      Breadcrumbs breadcrumbs,
      CompilationContext compilation,
      RuntimeFunction<?, ?> function,
      Object argument) {
    this(id, breadcrumbs, compilation, function, argument, KeptWork.NOTHING);
  }

  /// The same task in its next run.
  public RuntimeTask again() {
    return atAttempt(id.attempt() + 1);
  }

  /// The same run, with other deaths behind it.
  public RuntimeTask withDeaths(DeathCount counted) {
    return new RuntimeTask(id, breadcrumbs, compilation, function, argument, kept, counted, heard);
  }

  /// Whether it may be what ends processes, and so runs alone.
  public boolean isSuspect() {
    return deaths.isSuspect();
  }

  /// The same task in another run.
  public RuntimeTask atAttempt(int attempt) {
    return new RuntimeTask(
        new RuntimeTaskId(id.address(), attempt),
        breadcrumbs,
        compilation,
        function,
        argument,
        kept,
        deaths,
        heard);
  }

  /// The same run, having been told one thing more.
  public RuntimeTask told(Message.Communicate said) {
    if (!said.isNewsFor(this)) {
      return this;
    }
    List<Message.Communicate> all = new ArrayList<>(heard);
    all.add(said);
    return new RuntimeTask(id, breadcrumbs, compilation, function, argument, kept, deaths, all);
  }

  /// The number of what it was told last; 0 for nothing yet.
  public int lastHeard() {
    return heard.isEmpty() ? 0 : heard.getLast().number();
  }

  /// Whether a cancel means this task or one of its ancestors.
  public boolean isCoveredBy(Message.Cancel cancel) {
    if (cancel.covers(id)) {
      return true;
    }
    for (RuntimeTaskId ancestor : breadcrumbs.ancestors()) {
      if (cancel.covers(ancestor)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return function.name() + " " + id;
  }
}
