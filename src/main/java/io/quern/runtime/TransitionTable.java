package io.quern.runtime;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Every (state, event) pair that may happen and what follows; a pair that is missing is a defect.
///
/// An instance counts how often each row was taken, so tests can tell which never were. Not
/// thread-safe: it belongs to one core.
///
/// @param <S> state
/// @param <E> event
public final class TransitionTable<S extends Enum<S>, E extends Enum<E>> {

  /// One row.
  ///
  /// @param to the next state; null if the event is ignored
  /// @param because why it is ignored; null if it is not
  public record Row<S, E>(S from, E event, @Nullable S to, @Nullable String because) {
    public boolean isIgnored() {
      return to == null;
    }

    @Override
    public String toString() {
      return from + " --" + event + "--> " + (to == null ? "ignored, " + because : to);
    }
  }

  private final String name;
  private final S initial;
  private final List<S> states;
  private final List<Row<S, E>> rows;
  private final Map<S, Map<E, Row<S, E>>> index;
  private final Set<Row<S, E>> taken = new LinkedHashSet<>();

  private TransitionTable(Builder<S, E> builder) {
    name = builder.name;
    initial = builder.initial;
    states = List.of(initial.getDeclaringClass().getEnumConstants());
    rows = List.copyOf(builder.rows);
    index = new EnumMap<>(initial.getDeclaringClass());
    for (Row<S, E> row : rows) {
      Map<E, Row<S, E>> ofState =
          index.computeIfAbsent(row.from(), from -> new EnumMap<>(row.event().getDeclaringClass()));
      if (ofState.put(row.event(), row) != null) {
        throw new IllegalArgumentException(name + " lists twice: " + row);
      }
    }
    if (states.size() > 15) {
      throw new IllegalArgumentException("a state machine's history holds 15 states at most");
    }
  }

  public static <S extends Enum<S>, E extends Enum<E>> Builder<S, E> of(String name, S initial) {
    return new Builder<>(name, initial);
  }

  @Nullable Row<S, E> find(S from, E event) {
    Map<E, Row<S, E>> ofState = index.get(from);
    return ofState == null ? null : ofState.get(event);
  }

  void count(Row<S, E> row) {
    taken.add(row);
  }

  String name() {
    return name;
  }

  List<S> states() {
    return states;
  }

  /// All rows, in the order they are written.
  public List<Row<S, E>> rows() {
    return rows;
  }

  /// The rows taken so far.
  public Set<Row<S, E>> taken() {
    return Set.copyOf(taken);
  }

  /// The table as a Mermaid state diagram.
  public String toMermaid() {
    StringBuilder text = new StringBuilder("stateDiagram-v2\n");
    text.append("    [*] --> ").append(initial).append('\n');
    for (Row<S, E> row : rows) {
      if (row.to() != null) {
        text.append("    ").append(row.from()).append(" --> ").append(row.to());
        text.append(": ").append(label(row.event())).append('\n');
      }
    }
    for (S state : states) {
      if (!index.containsKey(state)) {
        text.append("    ").append(state).append(" --> [*]\n");
      }
    }
    return text.toString();
  }

  /// The ignored pairs as a Markdown table.
  public String ignoredToMarkdown() {
    StringBuilder text = new StringBuilder("| state | ignored event | because |\n|---|---|---|\n");
    for (Row<S, E> row : rows) {
      if (row.isIgnored()) {
        text.append("| ").append(row.from()).append(" | ").append(label(row.event()));
        text.append(" | ").append(row.because()).append(" |\n");
      }
    }
    return text.toString();
  }

  private static String label(Enum<?> event) {
    return event.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /// Collects rows.
  public static final class Builder<S extends Enum<S>, E extends Enum<E>> {
    private final String name;
    private final S initial;
    private final List<Row<S, E>> rows = new ArrayList<>();

    private Builder(String name, S initial) {
      this.name = name;
      this.initial = initial;
    }

    public Builder<S, E> on(S from, E event, S to) {
      rows.add(new Row<>(from, event, to, null));
      return this;
    }

    public Builder<S, E> ignore(S from, E event, String because) {
      rows.add(new Row<>(from, event, null, because));
      return this;
    }

    public TransitionTable<S, E> build() {
      return new TransitionTable<>(this);
    }
  }
}
