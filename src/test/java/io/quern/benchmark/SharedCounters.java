package io.quern.benchmark;

import io.quern.processes.SharedLongs;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/// A few numbers that the processes of a benchmark share, in a file that all of them map.
///
/// A function cannot ask what happens in other processes; by these a root learns that its children
/// have run while it keeps its slot, and phases begin and end.
final class SharedCounters {
  /// Calls of [Nothing] in all processes.
  static final int CALLS = 0;

  /// The phase the root may run.
  static final int BEGUN = 1;

  /// The phase the root has run.
  static final int DONE = 2;

  /// The pid of the manager process with the children's workers.
  static final int CHILDREN_PID = 3;

  /// Links of that process.
  static final int LINKS = 4;

  private static final int SIZE = 8;

  /// Those of this process; null in one that has none.
  static final SharedCounters MINE = ofProperty();

  private final SharedLongs counters;

  SharedCounters(Path file) {
    counters = new SharedLongs(file, SIZE);
  }

  private static SharedCounters ofProperty() {
    String file = System.getProperty("quern.benchmark.counters");
    return file == null ? null : new SharedCounters(Path.of(file));
  }

  void increment(int counter) {
    counters.add(counter, 1);
  }

  long get(int counter) {
    return counters.get(counter);
  }

  void set(int counter, long value) {
    counters.set(counter, value);
  }

  void await(int counter, long atLeast) throws InterruptedException {
    while (get(counter) < atLeast) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
