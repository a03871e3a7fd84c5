package io.quern.runtime.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Simulated time: actions run one at a time in order of their times, and time passes only between
/// them. All chance comes from one seeded generator, so a seed is a run.
final class Scheduler {
  private record Action(Instant at, long number, Runnable body) {}

  private static final int REMEMBERED = 400;

  private final RandomGenerator random;
  private final PriorityQueue<Action> actions =
      new PriorityQueue<>(Comparator.comparing(Action::at).thenComparingLong(Action::number));
  private final Set<FaultKind> faults = EnumSet.noneOf(FaultKind.class);
  private final Deque<String> trace = new ArrayDeque<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long counter;

  Scheduler(long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  Instant now() {
    return now;
  }

  void at(Instant time, Runnable body) {
    actions.add(new Action(time.isBefore(now) ? now : time, ++counter, body));
  }

  void after(Duration delay, Runnable body) {
    at(now.plus(delay), body);
  }

  /// Runs the next action; false if there is none.
  boolean step() {
    Action next = actions.poll();
    if (next == null) {
      return false;
    }
    now = next.at();
    next.body().run();
    return true;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  /// A delay, mostly short and now and then long.
  Duration delay(int microseconds) {
    double stretch = -Math.log(1 - random.nextDouble());
    return Duration.ofNanos((long) (stretch * microseconds * 1_000));
  }

  /// Notes that something goes wrong.
  void fault(FaultKind kind) {
    faults.add(kind);
    trace(kind.toString());
  }

  /// What has gone wrong so far.
  Set<FaultKind> faults() {
    return faults;
  }

  /// Whether something is to go wrong this time; notes it if so.
  boolean fault(FaultKind kind, double probability) {
    boolean is = chance(probability);
    if (is) {
      faults.add(kind);
    }
    return is;
  }

  /// Notes what happens, for the report of a failure.
  void trace(String line) {
    if (trace.size() == REMEMBERED) {
      trace.removeFirst();
    }
    trace.add(now.toString().substring(11) + " " + line);
  }

  String traceText() {
    return String.join("\n", trace);
  }
}
