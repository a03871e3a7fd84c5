package io.quern.testing;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Writes random OpenQASM 2 programs together with the circuits they mean, so that a reader can be
/// checked against a writer that shares none of its code: registers, broadcasts, nested gate
/// definitions, library gates defined anew, expressions, conditions, comments.
public final class QasmPrograms {
  /// Gates of the dialect that the original library lacks: a file may define these itself.
  private static final List<String> REDEFINABLE = List.of("sx", "p", "cp", "rzz", "csx", "swap");

  private static final int MAX_FORKS = 5;

  /// A program and its meaning.
  public record Program(String text, Circuit meaning) {}

  /// An expression: how it is written, and its value given the values of its gate's parameters.
  private record Expression(String text, ToDoubleFunction<double[]> value) {}

  private record Register(String name, int first, int size) {}

  private sealed interface Callee {
    String name();

    int parameterCount();

    int qubits();
  }

  private record Known(String name, StandardGate gate) implements Callee {
    @Override
    public int parameterCount() {
      return gate.parameterCount();
    }

    @Override
    public int qubits() {
      return gate.qubits();
    }
  }

  private record Defined(String name, int parameterCount, int qubits, List<Step> body)
      implements Callee {}

  private record Step(Callee callee, List<Expression> arguments, List<Integer> qubits) {}

  private final Random random;
  private final StringBuilder text = new StringBuilder();
  private final List<Callee> callees = new ArrayList<>();
  private final List<Register> quantum = new ArrayList<>();
  private final List<ClassicalRegister> classical = new ArrayList<>();
  private final List<Operation> meaning = new ArrayList<>();
  private int forks;

  private QasmPrograms(long seed) {
    this.random = new Random(seed);
  }

  /// A program that a reader must accept.
  public static Program random(long seed) {
    return new QasmPrograms(seed).write();
  }

  private Program write() {
    text.append(pick("", "\uFEFF", "// a comment first\n", "\n\n"));
    text.append("OPENQASM 2.0;").append(space()).append("include \"qelib1.inc\";").append(space());
    callees.add(new Known("U", StandardGate.U3));
    callees.add(new Known("CX", StandardGate.CX));
    for (StandardGate gate : StandardGate.values()) {
      if (gate != StandardGate.U0 && gate.isInLibrary()) {
        callees.add(new Known(gate.qasmName(), gate));
      }
    }
    for (int k = random.nextInt(5); k > 0; k--) {
      define(k);
    }
    if (random.nextBoolean()) {
      text.append("opaque magic(a) x,y;").append(space());
    }
    int qubits = 0;
    for (int r = 0; r <= random.nextInt(3); r++) {
      int size = 1 + random.nextInt(2);
      quantum.add(new Register("q" + r, qubits, size));
      text.append("qreg q%d[%d];".formatted(r, size)).append(space());
      qubits += size;
    }
    for (int r = 0; r <= random.nextInt(2); r++) {
      classical.add(new ClassicalRegister("c" + r, 1 + random.nextInt(2)));
      text.append("creg c%d[%d];".formatted(r, classical.get(r).size())).append(space());
    }
    for (int k = 0; k < 15; k++) {
      statement(qubits);
    }
    Circuit.Builder builder = Circuit.builder(qubits, classical);
    meaning.forEach(builder::add);
    return new Program(text.toString(), builder.build());
  }

  private void define(int number) {
    int parameters = random.nextInt(3);
    int qubits = 1 + random.nextInt(3);
    String name =
        random.nextInt(3) == 0
            ? REDEFINABLE.get(random.nextInt(REDEFINABLE.size()))
            : "my_gate" + number;
    if (callees.stream()
        .anyMatch(callee -> callee instanceof Defined && callee.name().equals(name))) {
      return;
    }
    List<Step> body = new ArrayList<>();
    StringBuilder steps = new StringBuilder();
    for (int k = random.nextInt(4); k > 0; k--) {
      // What is defined anew must not call the gate it replaces.
      Callee callee = callee(qubits, name);
      List<Expression> arguments =
          IntStream.range(0, callee.parameterCount())
              .mapToObj(_ -> expression(parameters))
              .toList();
      List<Integer> places = places(qubits, callee.qubits());
      body.add(new Step(callee, arguments, places));
      steps
          .append(call(callee, arguments, places.stream().map(q -> "x" + q).toList()))
          .append(space());
      if (random.nextInt(4) == 0) {
        steps.append("barrier x0;").append(space());
      }
    }
    text.append("gate ").append(name);
    if (parameters > 0) {
      text.append("(").append(names("a", parameters)).append(")");
    } else if (random.nextInt(3) == 0) {
      text.append("()");
    }
    text.append(" ").append(names("x", qubits)).append(space());
    text.append("{").append(space()).append(steps).append("}").append(space());
    callees.removeIf(callee -> callee.name().equals(name));
    callees.add(new Defined(name, parameters, qubits, body));
  }

  private void statement(int qubits) {
    int kind = random.nextInt(10);
    if (kind == 0) {
      List<Integer> places = places(qubits, 1 + random.nextInt(qubits));
      text.append("barrier ").append(String.join(",", places.stream().map(this::qubit).toList()));
      text.append(";").append(space());
      meaning.add(new Barrier(location(places)));
    } else if (kind == 1 && forks < MAX_FORKS) {
      measure();
    } else if (kind == 2 && forks < MAX_FORKS) {
      forks++;
      int q = random.nextInt(qubits);
      meaning.add(guarded(new Reset(q), "reset " + qubit(q) + ";"));
    } else if (kind <= 4) {
      broadcast();
    } else {
      Callee callee = callee(qubits, "");
      List<Expression> arguments =
          IntStream.range(0, callee.parameterCount()).mapToObj(_ -> expression(0)).toList();
      List<Integer> places = places(qubits, callee.qubits());
      String written = call(callee, arguments, places.stream().map(this::qubit).toList());
      double[] values =
          arguments.stream().mapToDouble(e -> e.value.applyAsDouble(none())).toArray();
      List<Operation> steps = new ArrayList<>();
      expand(callee, values, places, steps);
      boolean isGuarded = random.nextInt(4) == 0;
      if (!isGuarded) {
        text.append(written).append(space());
        meaning.addAll(steps);
        return;
      }
      int register = random.nextInt(classical.size());
      BigInteger value = new BigInteger(classical.get(register).size(), random);
      text.append(
          "if(%s==%d)%s%s%s"
              .formatted(classical.get(register).name(), value, space(), written, space()));
      steps.forEach(step -> meaning.add(new Conditional(register, value, step)));
    }
  }

  /// Writes a statement, now and then under a condition, and returns what it means.
  private Operation guarded(Operation operation, String written) {
    if (random.nextInt(3) > 0) {
      text.append(written).append(space());
      return operation;
    }
    int register = random.nextInt(classical.size());
    BigInteger value = new BigInteger(classical.get(register).size(), random);
    text.append(
        "if(%s==%d) %s%s".formatted(classical.get(register).name(), value, written, space()));
    return new Conditional(register, value, operation);
  }

  private void measure() {
    int register = random.nextInt(classical.size());
    ClassicalRegister target = classical.get(register);
    for (Register source : quantum) {
      if (source.size == target.size()
          && random.nextBoolean()
          && forks + source.size <= MAX_FORKS) {
        forks += source.size;
        text.append("measure %s -> %s;%s".formatted(source.name, target.name(), space()));
        for (int k = 0; k < source.size; k++) {
          meaning.add(new Measurement(source.first + k, register, k));
        }
        return;
      }
    }
    forks++;
    Register source = quantum.get(random.nextInt(quantum.size()));
    int k = random.nextInt(source.size);
    int bit = random.nextInt(target.size());
    meaning.add(
        guarded(
            new Measurement(source.first + k, register, bit),
            "measure %s[%d]->%s[%d];".formatted(source.name, k, target.name(), bit)));
  }

  /// One statement that stands for one gate on each qubit of a register.
  private void broadcast() {
    Register first = quantum.get(random.nextInt(quantum.size()));
    Register second = quantum.get(random.nextInt(quantum.size()));
    if (first.equals(second)) {
      text.append("h ").append(first.name).append(";").append(space());
      for (int k = 0; k < first.size; k++) {
        gate(StandardGate.H, first.first + k);
      }
    } else if (first.size == second.size && random.nextBoolean()) {
      text.append("cy %s,%s;%s".formatted(first.name, second.name, space()));
      for (int k = 0; k < first.size; k++) {
        gate(StandardGate.CY, first.first + k, second.first + k);
      }
    } else {
      int one = random.nextInt(first.size);
      boolean isTarget = random.nextBoolean();
      String bit = "%s[%d]".formatted(first.name, one);
      text.append(
          isTarget
              ? "ch %s,%s;".formatted(second.name, bit)
              : "ch %s,%s;".formatted(bit, second.name));
      text.append(space());
      for (int k = 0; k < second.size; k++) {
        int other = second.first + k;
        gate(
            StandardGate.CH,
            isTarget ? other : first.first + one,
            isTarget ? first.first + one : other);
      }
    }
  }

  private void gate(StandardGate gate, int... qubits) {
    meaning.add(new GateOperation(gate, Location.of(qubits), Parameters.NONE));
  }

  private static void expand(
      Callee callee, double[] values, List<Integer> places, List<Operation> out) {
    switch (callee) {
      case Known known ->
          out.add(new GateOperation(known.gate, location(places), Parameters.of(values)));
      case Defined defined -> {
        for (Step step : defined.body) {
          expand(
              step.callee,
              step.arguments.stream().mapToDouble(e -> e.value.applyAsDouble(values)).toArray(),
              step.qubits.stream().map(places::get).toList(),
              out);
        }
      }
    }
  }

  private Callee callee(int qubits, String except) {
    List<Callee> fitting =
        callees.stream()
            .filter(callee -> callee.qubits() <= qubits && !callee.name().equals(except))
            .toList();
    // The newest are the file's own definitions; they are called more often than the rest.
    return random.nextInt(3) == 0 ? fitting.getLast() : fitting.get(random.nextInt(fitting.size()));
  }

  private String call(Callee callee, List<Expression> arguments, List<String> qubits) {
    String list = String.join(pick(",", " , "), arguments.stream().map(Expression::text).toList());
    String parameters = arguments.isEmpty() ? pick("", "", "()") : "(" + list + ")";
    return callee.name() + parameters + " " + String.join(pick(",", ", "), qubits) + ";";
  }

  /// A random expression over so many parameters a0, a1...; its value stays small.
  private Expression expression(int parameters) {
    Expression a = leaf(parameters);
    Expression b = leaf(parameters);
    Expression c = leaf(parameters);
    String x = a.text;
    String y = b.text;
    String z = c.text;
    ToDoubleFunction<double[]> f = a.value;
    ToDoubleFunction<double[]> g = b.value;
    ToDoubleFunction<double[]> h = c.value;
    return switch (random.nextInt(13)) {
      case 0 -> a;
      case 1 -> new Expression("-" + x, p -> -f.applyAsDouble(p));
      case 2 ->
          new Expression(
              x + "+" + y + "*" + z,
              p -> f.applyAsDouble(p) + g.applyAsDouble(p) * h.applyAsDouble(p));
      case 3 ->
          new Expression(
              x + " - " + y + " - " + z,
              p -> f.applyAsDouble(p) - g.applyAsDouble(p) - h.applyAsDouble(p));
      case 4 -> new Expression(x + "/2/4", p -> f.applyAsDouble(p) / 2 / 4);
      case 5 -> new Expression(x + "/2*4", p -> f.applyAsDouble(p) / 2 * 4);
      case 6 -> new Expression("-" + x + "^2", p -> -Math.pow(f.applyAsDouble(p), 2));
      case 7 -> new Expression("2^3^0.5-" + x, p -> Math.pow(2, Math.sqrt(3)) - f.applyAsDouble(p));
      case 8 ->
          new Expression(
              "(" + x + "-" + y + ")*-" + z,
              p -> (f.applyAsDouble(p) - g.applyAsDouble(p)) * -h.applyAsDouble(p));
      case 9 ->
          new Expression(
              "sin(" + x + ")*cos(" + y + "/3)",
              p -> Math.sin(f.applyAsDouble(p)) * Math.cos(g.applyAsDouble(p) / 3));
      case 10 ->
          new Expression("ln(exp(" + x + ")+1)", p -> Math.log(Math.exp(f.applyAsDouble(p)) + 1));
      case 11 -> new Expression("sqrt((" + x + ")^2+1)", p -> Math.hypot(f.applyAsDouble(p), 1));
      default -> new Expression("tan(" + x + "/50)", p -> Math.tan(f.applyAsDouble(p) / 50));
    };
  }

  private Expression leaf(int parameters) {
    if (parameters > 0 && random.nextBoolean()) {
      int index = random.nextInt(parameters);
      return new Expression("a" + index, p -> p[index]);
    }
    double number = random.nextInt(64) / 16.0;
    return switch (random.nextInt(7)) {
      case 0 -> new Expression("pi", _ -> Math.PI);
      case 1 -> constant(Integer.toString((int) number), (int) number);
      case 2 -> constant(String.format(Locale.ROOT, "%.3e", number), number);
      case 3 -> constant(".5", 0.5);
      case 4 -> constant("2.", 2);
      case 5 -> constant("25E-2", 0.25);
      default -> constant(Double.toString(number), number);
    };
  }

  /// The value is what the text says, after its rounding.
  private static Expression constant(String text, double number) {
    double value = text.contains("e") ? Double.parseDouble(text) : number;
    return new Expression(text, _ -> value);
  }

  private static double[] none() {
    return new double[0];
  }

  private List<Integer> places(int qubits, int count) {
    List<Integer> all = new ArrayList<>(IntStream.range(0, qubits).boxed().toList());
    Collections.shuffle(all, random);
    return List.copyOf(all.subList(0, count));
  }

  private static Location location(List<Integer> places) {
    return Location.of(places.stream().mapToInt(Integer::intValue).toArray());
  }

  private String qubit(int index) {
    for (Register register : quantum) {
      if (index < register.first + register.size) {
        return "%s[%d]".formatted(register.name, index - register.first);
      }
    }
    throw new IllegalArgumentException("no qubit " + index);
  }

  private static String names(String prefix, int count) {
    return String.join(",", IntStream.range(0, count).mapToObj(k -> prefix + k).toList());
  }

  private String space() {
    return pick("\n", "\n", "\n", " ", "\r\n", "\t", "\n\n  ", " // what for; { ü\n");
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
