package io.quern.runtime;

import java.util.Objects;

/// One thing's way through a [TransitionTable]: its state and the last states before it.
///
/// @param <S> state
/// @param <E> event
public final class StateMachine<S extends Enum<S>, E extends Enum<E>> {
  private static final int BITS = 4;
  private static final int REMEMBERED = Long.SIZE / BITS;

  private final TransitionTable<S, E> table;
  private S state;

  /// Ordinals of the last states plus one, four bits each, newest lowest; as small as this because
  /// there is one for each of 100,000 queued tasks.
  private long history;

  public StateMachine(TransitionTable<S, E> table, S initial) {
    this.table = table;
    this.state = initial;
    remember(initial);
  }

  public S state() {
    return state;
  }

  public boolean is(S expected) {
    return state == expected;
  }

  /// Takes the transition for an event.
  ///
  /// @param subject what is in this state, for the message of a failure
  /// @return false if the table lists the pair as ignored
  /// @throws IllegalStateException if the table does not list the pair
  public boolean apply(E event, Object subject) {
    TransitionTable.Row<S, E> row = table.find(state, event);
    if (row == null) {
      throw new IllegalStateException(
          "%s %s: no transition for %s in state %s, after %s"
              .formatted(table.name(), subject, event, state, historyText()));
    }
    table.count(row);
    if (row.isIgnored()) {
      return false;
    }
    state = Objects.requireNonNull(row.to());
    remember(state);
    return true;
  }

  private void remember(S entered) {
    history = (history << BITS) | (entered.ordinal() + 1);
  }

  private String historyText() {
    StringBuilder text = new StringBuilder();
    for (int i = REMEMBERED - 1; i >= 0; i--) {
      int ordinal = (int) (history >>> (i * BITS)) & ((1 << BITS) - 1);
      if (ordinal != 0) {
        text.append(text.isEmpty() ? "" : " > ").append(table.states().get(ordinal - 1));
      }
    }
    return text.toString();
  }
}
