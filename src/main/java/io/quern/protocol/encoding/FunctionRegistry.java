package io.quern.protocol.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quern.engine.pass.Checkpoint;
import io.quern.engine.pass.ListeningFunction;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.protocol.EncodedValue;
import io.quern.task.Blob;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions that may be named on a link, with the forms of their arguments, their results and
/// what they may be told, all taken from how the function is declared. A function that is not here,
/// or whose values have no form, still runs, but on the manager where it is submitted.
///
/// Thread-safe.
public final class FunctionRegistry {

  /// A function with the codecs of its argument and result.
  ///
  /// @param message of what it may be told; null if it does not listen
  record Entry(
      RuntimeFunction<?, ?> function,
      ValueCodec<Object> argument,
      ValueCodec<Object> result,
      @Nullable ValueCodec<Object> message) {}

  private final Map<String, Entry> entries;
  private final ValueCodec<Object> checkpoints;

  private FunctionRegistry(Map<String, Entry> entries, ValueCodec<Object> checkpoints) {
    this.entries = entries;
    this.checkpoints = checkpoints;
  }

  /// @throws IllegalArgumentException if a name is taken twice, or values of a function have no
  ///   form
  public static FunctionRegistry of(Collection<? extends RuntimeFunction<?, ?>> functions) {
    ValueCodecs codecs = new ValueCodecs();
    Map<String, Entry> entries = new HashMap<>();
    for (RuntimeFunction<?, ?> function : functions) {
      List<Type> types = valuesOf(function.getClass());
      Entry entry =
          new Entry(
              function,
              codecs.of(types.get(0)),
              codecs.of(types.get(1)),
              types.size() > 2 ? codecs.of(types.get(2)) : null);
      if (entries.put(function.name(), entry) != null) {
        throw new IllegalArgumentException("two functions are named " + function.name());
      }
    }
    return new FunctionRegistry(Map.copyOf(entries), codecs.of((Type) Checkpoint.class));
  }

  /// The types of argument, result and, if it listens, of what it may be told.
  private static List<Type> valuesOf(Class<?> type) {
    for (Type each : type.getGenericInterfaces()) {
      if (each instanceof ParameterizedType generic
          && (generic.getRawType() == RuntimeFunction.class
              || generic.getRawType() == ListeningFunction.class)) {
        return List.of(generic.getActualTypeArguments());
      }
    }
    throw new IllegalArgumentException(
        type.getName()
            + " does not say what it takes and returns: it must implement"
            + " RuntimeFunction<A, R> or ListeningFunction<A, R, M> itself");
  }

  @Nullable Entry find(String name) {
    return entries.get(name);
  }

  /// Whether tasks of a function may leave the process.
  public boolean canTravel(RuntimeFunction<?, ?> function) {
    return entries.containsKey(function.name());
  }

  /// The content key of a call: function, version and argument (which holds the seed); null if the
  /// function's results are not kept.
  ///
  /// @param argument encoded or not
  public @Nullable String contentKey(RuntimeFunction<?, ?> function, Object argument) {
    Entry entry = function.isKept() ? entries.get(function.name()) : null;
    if (entry == null) {
      return null;
    }
    MessageDigest digest = sha256();
    digest.update((function.name() + ':' + function.version() + '\n').getBytes(UTF_8));
    digest.update(
        argument instanceof EncodedValue encoded
            ? encoded.blob().bytes()
            : entry.argument().toBytes(argument));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// A result of a function that [#contentKey] knows, as it is kept.
  public Blob encodeResult(RuntimeFunction<?, ?> function, Object value) {
    return Blob.of(known(function).result().toBytes(value));
  }

  /// A result that was kept, to be read where it is used.
  public EncodedValue storedResult(RuntimeFunction<?, ?> function, Blob kept) {
    return new EncodedValue(kept, known(function).result()::fromBytes);
  }

  private Entry known(RuntimeFunction<?, ?> function) {
    Entry entry = entries.get(function.name());
    if (entry == null) {
      throw new IllegalArgumentException("the function " + function.name() + " is not registered");
    }
    return entry;
  }

  /// A checkpoint as it is kept.
  public Blob encodeCheckpoint(Checkpoint checkpoint) {
    return Blob.of(checkpoints.toBytes(checkpoint));
  }

  /// A checkpoint that was kept.
  ///
  /// @throws MalformedFrameException if it is none of this engine
  public Checkpoint decodeCheckpoint(Blob kept) {
    return (Checkpoint) checkpoints.fromBytes(kept.bytes());
  }

  /// The names and versions, in alphabetical order: nodes that agree on them understand each other.
  public String fingerprint() {
    StringBuilder text = new StringBuilder();
    entries.values().stream()
        .map(each -> each.function().name() + ":" + each.function().version())
        .sorted()
        .forEach(each -> text.append(each).append(' '));
    return text.toString().strip();
  }
}
