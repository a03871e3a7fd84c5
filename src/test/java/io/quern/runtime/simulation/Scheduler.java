package io.quern.runtime.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Simulated time: actions run one at a time in order of their times, and time passes only between
/// them. All chance comes from one seeded generator, so a seed is a run.
final class Scheduler {
  /// When every run begins.
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private record Action(long nanos, long number, Runnable body) {}

  private record Line(Instant at, Supplier<String> text) {}

  private static final int REMEMBERED = 400;

  private final RandomGenerator random;
  private final PriorityQueue<Action> actions =
      new PriorityQueue<>(
          Comparator.comparingLong(Action::nanos).thenComparingLong(Action::number));
  private final Map<FaultKind, Integer> faults = new EnumMap<>(FaultKind.class);
  private final Deque<Line> trace = new ArrayDeque<>();
  private Instant now = START;

  /// The same since the start.
  private long nanos;

  private long counter;

  Scheduler(long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  Instant now() {
    return now;
  }

  void at(Instant time, Runnable body) {
    schedule(time.isAfter(now) ? Duration.between(START, time).toNanos() : nanos, body);
  }

  void after(Duration delay, Runnable body) {
    schedule(nanos + delay.toNanos(), body);
  }

  private void schedule(long time, Runnable body) {
    actions.add(new Action(time, ++counter, body));
  }

  /// Runs the next action; false if there is none.
  boolean step() {
    Action next = actions.poll();
    if (next == null) {
      return false;
    }
    if (next.nanos() != nanos) {
      nanos = next.nanos();
      now = START.plusNanos(nanos);
    }
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
    faults.merge(kind, 1, Integer::sum);
    trace(kind.toString());
  }

  /// How often what has gone wrong so far.
  Map<FaultKind, Integer> faults() {
    return faults;
  }

  /// Whether something is to go wrong this time; notes it if so.
  boolean fault(FaultKind kind, double probability) {
    boolean is = probability > 0 && chance(probability);
    if (is) {
      faults.merge(kind, 1, Integer::sum);
    }
    return is;
  }

  /// Notes what happens, for the report of a failure.
  void trace(String line) {
    trace(() -> line);
  }

  /// Notes what happens; the text is made only if it is asked for.
  void trace(Supplier<String> line) {
    if (trace.size() == REMEMBERED) {
      trace.removeFirst();
    }
    trace.add(new Line(now, line));
  }

  String traceText() {
    StringBuilder text = new StringBuilder();
    for (Line line : trace) {
      text.append(line.at().toString().substring(11)).append(' ').append(line.text().get());
      text.append('\n');
    }
    return text.toString();
  }
}
