package io.quern.bqskit.codec;

import io.quern.bqskit.pickle.BytesNode;
import io.quern.bqskit.pickle.DictNode;
import io.quern.bqskit.pickle.InstanceNode;
import io.quern.bqskit.pickle.ListNode;
import io.quern.bqskit.pickle.PickleException;
import io.quern.bqskit.pickle.PickleNode;
import io.quern.bqskit.pickle.PickleNode.BigInt;
import io.quern.bqskit.pickle.PickleNode.Int;
import io.quern.bqskit.pickle.TextNode;
import io.quern.bqskit.pickle.TupleNode;
import io.quern.bqskit.wire.WireAddress;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Takes values of known shapes out of pickles; anything else is a [PickleException] that says what
/// was expected and what was found.
final class Fields {
  private Fields() {}

  static PickleException expected(String what, @Nullable PickleNode found) {
    return new PickleException("expected " + what + ", found " + (found == null ? "none" : found));
  }

  static long number(@Nullable PickleNode node, String what) {
    if (node instanceof Int(long value)) {
      return value;
    }
    throw expected(what, node);
  }

  static int smallNumber(@Nullable PickleNode node, String what) {
    long value = number(node, what);
    if (value != (int) value) {
      throw expected(what + " of 32 bits", node);
    }
    return (int) value;
  }

  static String text(@Nullable PickleNode node, String what) {
    if (node instanceof TextNode text) {
      return text.value();
    }
    throw expected(what, node);
  }

  /// Bytes, also as protocol 2 writes them: Latin-1 text that is to be encoded.
  static BytesNode bytes(@Nullable PickleNode node, String what) {
    if (node instanceof BytesNode bytes) {
      return bytes;
    }
    if (node instanceof InstanceNode call
        && call.isOf("_codecs", "encode")
        && call.arguments() instanceof TupleNode arguments
        && !arguments.items().isEmpty()
        && arguments.items().getFirst() instanceof TextNode text) {
      return new BytesNode(text.value().getBytes(StandardCharsets.ISO_8859_1));
    }
    if (node instanceof InstanceNode call
        && (call.isOf("__builtin__", "bytes") || call.isOf("builtins", "bytes"))
        && call.arguments() instanceof TupleNode arguments
        && arguments.items().isEmpty()) {
      return new BytesNode(new byte[0]);
    }
    throw expected(what, node);
  }

  static List<PickleNode> tuple(@Nullable PickleNode node, int size, String what) {
    if (node instanceof TupleNode tuple && tuple.items().size() == size) {
      return tuple.items();
    }
    throw expected(what + " (a tuple of " + size + ")", node);
  }

  static List<PickleNode> list(@Nullable PickleNode node, String what) {
    return switch (node) {
      case ListNode list -> list.items();
      case TupleNode tuple -> tuple.items();
      case null, default -> throw expected(what + " (a list)", node);
    };
  }

  static WireAddress address(@Nullable PickleNode node, String what) {
    if (node instanceof InstanceNode made && made.isOf(Names.ADDRESS)) {
      List<PickleNode> parts = tuple(made.arguments(), 3, what);
      return new WireAddress(
          number(parts.get(0), "a worker id"),
          number(parts.get(1), "a mailbox index"),
          number(parts.get(2), "a mailbox slot"));
    }
    throw expected(what + " (a RuntimeAddress)", node);
  }

  static UUID uuid(@Nullable PickleNode node, String what) {
    if (node instanceof InstanceNode made
        && made.isOf("uuid", "UUID")
        && made.state() instanceof DictNode state) {
      BigInteger bits =
          switch (state.get("int")) {
            case Int(long value) -> BigInteger.valueOf(value);
            case BigInt(BigInteger value) -> value;
            case null, default -> throw expected(what + " (a UUID)", node);
          };
      if (bits.signum() >= 0 && bits.bitLength() <= 128) {
        return new UUID(bits.shiftRight(64).longValue(), bits.longValue());
      }
    }
    throw expected(what + " (a UUID)", node);
  }

  /// The texts in a list. Other things in it are left out: Python's import ignores them, too.
  static List<String> texts(@Nullable PickleNode node, String what) {
    List<String> all = new ArrayList<>();
    for (PickleNode item : list(node, what)) {
      if (item instanceof TextNode text) {
        all.add(text.value());
      }
    }
    return all;
  }

  /// An integer where one is set; `otherwise` where there is None or something else.
  static int numberOr(@Nullable PickleNode node, int otherwise) {
    return node instanceof Int(long value) && value == (int) value ? (int) value : otherwise;
  }
}
