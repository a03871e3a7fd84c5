package io.quern.bqskit.wire;

import io.quern.bqskit.pickle.Pickle;
import io.quern.bqskit.pickle.PickleFrame;
import io.quern.bqskit.pickle.PickleNode;
import io.quern.bqskit.pickle.PickleWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One Python value. Immutable; equal by the bytes of its pickle. It may be a complete pickle, a
/// part of a frame that is written only when somebody wants it alone, or a tree that is yet to be
/// written.
public final class PickledValue {

  private sealed interface Form {}

  /// A complete pickle, from PROTO to STOP.
  private record Whole(Pickle pickle) implements Form {}

  /// A part of what was read.
  private record Part(PickleFrame frame, int index) implements Form {}

  /// A tree that was put together here.
  private record Tree(PickleNode node) implements Form {}

  /// Guess of what a tree takes when it is written, for those who only count.
  private static final int TREE_BYTES = 1024;

  private final Form form;

  private PickledValue(Form form) {
    this.form = form;
  }

  /// @param pickle a complete pickle; not copied, so it must not change any more
  public static PickledValue of(byte[] pickle) {
    return of(Pickle.of(pickle));
  }

  public static PickledValue of(Pickle pickle) {
    return new PickledValue(new Whole(pickle));
  }

  /// A value that is written when it is wanted.
  public static PickledValue of(PickleNode node) {
    return new PickledValue(new Tree(node));
  }

  /// @param index of the frame's parts
  public static PickledValue part(PickleFrame frame, int index) {
    return new PickledValue(new Part(frame, index));
  }

  /// In bytes; of a value that is not written yet, about as many.
  public int size() {
    return switch (form) {
      case Whole(Pickle pickle) -> Math.toIntExact(pickle.size());
      case Part(PickleFrame frame, int _) -> frame.size() / frame.parts();
      case Tree _ -> TREE_BYTES;
    };
  }

  /// The value as a pickle of its own, perhaps in pieces.
  public Pickle pickle() {
    return switch (form) {
      case Whole(Pickle pickle) -> pickle;
      case Part(PickleFrame frame, int index) -> PickleWriter.write(frame.part(index));
      case Tree(PickleNode node) -> PickleWriter.write(node);
    };
  }

  /// The value's tree if it has one or is part of a frame; null for a pickle of its own.
  public @Nullable PickleNode tree() {
    return switch (form) {
      case Whole _ -> null;
      case Part(PickleFrame frame, int index) -> frame.part(index);
      case Tree(PickleNode node) -> node;
    };
  }

  /// The frame that these values came in, if they are all that was in it, in order.
  public static @Nullable PickleFrame commonFrame(List<PickledValue> values) {
    if (values.isEmpty()
        || !(values.getFirst().form instanceof Part(PickleFrame first, int _))
        || first.parts() != values.size()) {
      return null;
    }
    for (int i = 0; i < values.size(); i++) {
      if (!(values.get(i).form instanceof Part(PickleFrame frame, int index))
          || !frame.equals(first)
          || index != i) {
        return null;
      }
    }
    return first;
  }

  /// The value as a pickle of its own in one piece; perhaps not copied, so it must not be changed.
  public byte[] toBytes() {
    return pickle().toBytes();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PickledValue value && Arrays.equals(toBytes(), value.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }

  @Override
  public String toString() {
    return "a pickle of " + size() + " bytes";
  }
}
