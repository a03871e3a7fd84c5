package io.quern.protocol.encoding;

import io.quern.engine.pass.RuntimeFunction;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions that may be named on a link, with the forms of their arguments and results, both
/// taken from how the function is declared. A function that is not here, or whose values have no
/// form, still runs, but on the manager where it is submitted.
///
/// Thread-safe.
public final class FunctionRegistry {

  /// A function with the codecs of its argument and result.
  record Entry(
      RuntimeFunction<?, ?> function, ValueCodec<Object> argument, ValueCodec<Object> result) {}

  private final Map<String, Entry> entries;

  private FunctionRegistry(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /// @throws IllegalArgumentException if a name is taken twice, or values of a function have no
  ///   form
  public static FunctionRegistry of(Collection<? extends RuntimeFunction<?, ?>> functions) {
    ValueCodecs codecs = new ValueCodecs();
    Map<String, Entry> entries = new HashMap<>();
    for (RuntimeFunction<?, ?> function : functions) {
      List<Type> types = argumentAndResult(function.getClass());
      Entry entry = new Entry(function, codecs.of(types.getFirst()), codecs.of(types.getLast()));
      if (entries.put(function.name(), entry) != null) {
        throw new IllegalArgumentException("two functions are named " + function.name());
      }
    }
    return new FunctionRegistry(Map.copyOf(entries));
  }

  private static List<Type> argumentAndResult(Class<?> type) {
    for (Type each : type.getGenericInterfaces()) {
      if (each instanceof ParameterizedType generic
          && generic.getRawType() == RuntimeFunction.class) {
        return List.of(generic.getActualTypeArguments());
      }
    }
    throw new IllegalArgumentException(
        type.getName()
            + " does not say what it takes and returns: it must implement"
            + " RuntimeFunction<A, R> itself");
  }

  @Nullable Entry find(String name) {
    return entries.get(name);
  }

  /// Whether tasks of a function may leave the process.
  public boolean canTravel(RuntimeFunction<?, ?> function) {
    return entries.containsKey(function.name());
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
