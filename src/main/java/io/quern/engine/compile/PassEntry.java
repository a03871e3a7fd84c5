package io.quern.engine.compile;

import io.quern.engine.compile.PassDescription.Need;
import io.quern.engine.pass.Pass;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A pass of the library with how it is made from its parameters and what it leaves behind.
record PassEntry(PassDescription description, Effect effect, Function<StepArguments, Pass> maker) {

  /// What a pass does to what is known of the circuit.
  enum Effect {
    /// The circuit is changed and is in one piece.
    CHANGES,
    /// The circuit is in parts.
    CUTS,
    /// The parts stay, wider perhaps.
    WIDENS,
    /// The circuit is as it was.
    KEEPS,
    /// The circuit is on the machine's qubits.
    MAPS
  }

  static Builder named(String name, String... aliases) {
    return new Builder(name, List.of(aliases));
  }

  /// Collects what is said of a pass; one use.
  static final class Builder {
    private final String name;
    private final List<String> aliases;
    private String summary = "";
    private String source = "";
    private final List<PassParameter> parameters = new ArrayList<>();
    private @Nullable Integer maxQubits;
    private final List<Need> needs = new ArrayList<>();
    private Effect effect = Effect.CHANGES;

    private Builder(String name, List<String> aliases) {
      this.name = name;
      this.aliases = aliases;
    }

    /// @param text one sentence
    Builder does(String text) {
      summary = text;
      return this;
    }

    Builder from(String work) {
      source = work;
      return this;
    }

    Builder with(PassParameter parameter) {
      parameters.add(parameter);
      return this;
    }

    Builder with(List<PassParameter> more) {
      parameters.addAll(more);
      return this;
    }

    Builder upTo(int qubits) {
      maxQubits = qubits;
      return this;
    }

    Builder needs(Need need) {
      needs.add(need);
      return this;
    }

    Builder effect(Effect its) {
      effect = its;
      return this;
    }

    PassEntry makes(Function<StepArguments, Pass> maker) {
      return new PassEntry(
          new PassDescription(name, aliases, summary, parameters, source, maxQubits, needs),
          effect,
          maker);
    }
  }
}
