package io.quern.protocol.encoding;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.pass.SynthesizeBlocks;
import io.quern.task.Blob;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/// Makes codecs from types: a record is its components in order, a sealed interface the position of
/// the case and its value, an enum the position of the constant, a collection its size and
/// elements.
///
/// Only what the type names can come out of the bytes, whatever they are: no class is ever chosen
/// by the sender. The form holds between nodes of one engine version, which the handshake makes
/// sure of. Thread-safe.
public final class ValueCodecs {
  /// How deep values may nest; circuits and options need a handful.
  private static final int MAX_DEPTH = 64;

  /// Machines are no larger: a graph takes memory for qubits that nothing was sent of.
  private static final int MAX_QUBITS = 1 << 16;

  private record Coupling(int qubits, List<CouplingGraph.Edge> edges) {}

  private record Program(
      int qubits, List<ClassicalRegister> classicalRegisters, List<Operation> operations) {}

  private final Map<Type, ValueCodec<?>> known = new HashMap<>();

  public ValueCodecs() {
    put(Void.class, (value, out) -> {}, in -> unsupportedNull());
    put(Boolean.class, (value, out) -> out.rawByte(value ? 1 : 0), in -> in.rawByte() != 0);
    put(Integer.class, (value, out) -> out.rawZigzag(value), in -> in.rawSignedInt());
    put(Long.class, (value, out) -> out.rawZigzag(value), WireReader::rawZigzag);
    put(
        Double.class,
        (value, out) -> out.rawFixed64(Double.doubleToRawLongBits(value)),
        in -> Double.longBitsToDouble(in.rawFixed64()));
    put(String.class, (value, out) -> out.rawString(value), WireReader::rawString);
    put(
        BigInteger.class,
        (value, out) -> out.rawBytes(value.toByteArray()),
        in -> new BigInteger(in.rawBytes()));
    put(
        Duration.class,
        (value, out) -> {
          out.rawZigzag(value.getSeconds());
          out.rawVarint(value.getNano());
        },
        in -> Duration.ofSeconds(in.rawZigzag(), in.rawInt()));
    put(
        Instant.class,
        (value, out) -> {
          out.rawZigzag(value.getEpochSecond());
          out.rawVarint(value.getNano());
        },
        in -> Instant.ofEpochSecond(in.rawZigzag(), in.rawInt()));
    put(
        UUID.class,
        (value, out) -> {
          out.rawFixed64(value.getMostSignificantBits());
          out.rawFixed64(value.getLeastSignificantBits());
        },
        in -> new UUID(in.rawFixed64(), in.rawFixed64()));
    put(Blob.class, (value, out) -> out.rawBytes(value.bytes()), in -> Blob.of(in.rawBytes()));
    alias(boolean.class, Boolean.class);
    alias(int.class, Integer.class);
    alias(long.class, Long.class);
    alias(double.class, Double.class);
    put(
        double[].class,
        (value, out) -> {
          out.rawVarint(value.length);
          for (double each : value) {
            out.rawFixed64(Double.doubleToRawLongBits(each));
          }
        },
        in -> {
          double[] values = new double[count(in, Double.BYTES)];
          for (int i = 0; i < values.length; i++) {
            values[i] = Double.longBitsToDouble(in.rawFixed64());
          }
          return values;
        });
    put(
        int[].class,
        (value, out) -> {
          out.rawVarint(value.length);
          for (int each : value) {
            out.rawZigzag(each);
          }
        },
        in -> {
          int[] values = new int[count(in, 1)];
          for (int i = 0; i < values.length; i++) {
            values[i] = in.rawSignedInt();
          }
          return values;
        });
    adapt(Location.class, int[].class, Location::toArray, Location::of);
    adapt(Parameters.class, double[].class, Parameters::toArray, Parameters::of);
    adapt(
        CouplingGraph.class,
        Coupling.class,
        graph -> new Coupling(graph.qubits(), graph.edges()),
        ValueCodecs::coupling);
    adapt(
        Circuit.class,
        Program.class,
        circuit ->
            new Program(circuit.qubits(), circuit.classicalRegisters(), circuit.operations()),
        ValueCodecs::circuit);
    put(
        SynthesizeBlocks.Batch.class,
        (value, out) -> {
          List<double[]> unitaries = value.unitaries();
          out.rawVarint(unitaries.size());
          unitaries.forEach(each -> of(double[].class).write(each, out));
        },
        in -> {
          List<double[]> unitaries = new ArrayList<>();
          for (int i = count(in, 1); i > 0; i--) {
            unitaries.add(of(double[].class).read(in));
          }
          return SynthesizeBlocks.Batch.of(unitaries);
        });
  }

  private static CouplingGraph coupling(Coupling form) {
    if (form.qubits() > MAX_QUBITS) {
      throw new MalformedFrameException("a machine of " + form.qubits() + " qubits");
    }
    return CouplingGraph.of(form.qubits(), form.edges());
  }

  private static Circuit circuit(Program form) {
    Circuit.Builder builder = Circuit.builder(form.qubits(), form.classicalRegisters());
    form.operations().forEach(builder::add);
    return builder.build();
  }

  private static Void unsupportedNull() {
    throw new MalformedFrameException("there is no value of this type");
  }

  /// Reads how many elements follow, each of so many bytes at least.
  private static int count(WireReader in, int least) {
    long count = in.rawVarint();
    if (count < 0 || count > in.remaining() / least) {
      throw new MalformedFrameException(
          count + " elements where " + in.remaining() + " bytes are left");
    }
    return (int) count;
  }

  /// The codec of a class.
  ///
  /// @throws IllegalArgumentException if values of the type cannot leave the process
  @SuppressWarnings("unchecked") // the map holds the codec of T under T
  public synchronized <T> ValueCodec<T> of(Class<T> type) {
    return (ValueCodec<T>) codec(type);
  }

  /// The codec of a type with its parameters, such as `List<MappedCircuit>`.
  ///
  /// @throws IllegalArgumentException if values of the type cannot leave the process
  @SuppressWarnings("unchecked") // whoever asks has the type from a declaration that says so
  public synchronized ValueCodec<Object> of(Type type) {
    return (ValueCodec<Object>) codec(type);
  }

  private ValueCodec<?> codec(Type type) {
    ValueCodec<?> found = known.get(type);
    if (found != null) {
      return found;
    }
    // A type may contain itself: until its codec is there, this stands for it.
    Later later = new Later();
    known.put(type, later);
    try {
      ValueCodec<?> made = make(type);
      later.codec = made;
      known.put(type, made);
      return made;
    } catch (IllegalArgumentException e) {
      known.remove(type);
      throw e;
    }
  }

  private ValueCodec<?> make(Type type) {
    return switch (type) {
      case WildcardType wildcard -> codec(wildcard.getUpperBounds()[0]);
      case ParameterizedType generic -> makeGeneric(generic);
      case Class<?> plain when plain.isRecord() -> RecordCodec.of(plain, this::codec);
      case Class<?> plain when plain.isEnum() -> new EnumCodec<>(plain.getEnumConstants());
      case Class<?> plain when plain.isSealed() -> sealed(plain);
      case Class<?> plain when plain.getName().startsWith("io.quern.") -> ofFields(plain);
      default ->
          throw new IllegalArgumentException(
              "values of " + type.getTypeName() + " have no form that could be sent");
    };
  }

  private ValueCodec<?> ofFields(Class<?> type) {
    RecordCodec codec = RecordCodec.ofFields(type, this::codec);
    if (codec == null) {
      throw new IllegalArgumentException(
          "values of "
              + type.getName()
              + " have no form that could be sent: it is no record, and no final class with a"
              + " constructor that takes its final fields by their names");
    }
    return codec;
  }

  private ValueCodec<?> makeGeneric(ParameterizedType type) {
    Type[] of = type.getActualTypeArguments();
    Type raw = type.getRawType();
    if (raw == List.class) {
      return list(codec(of[0]));
    } else if (raw == Set.class) {
      return set(codec(of[0]));
    } else if (raw == Map.class) {
      return map(codec(of[0]), codec(of[1]));
    }
    throw new IllegalArgumentException(
        "values of " + type.getTypeName() + " have no form that could be sent");
  }

  private ValueCodec<?> sealed(Class<?> type) {
    List<Class<?>> cases = new ArrayList<>();
    List<ValueCodec<?>> codecs = new ArrayList<>();
    for (Class<?> each : type.getPermittedSubclasses()) {
      cases.add(each);
      codecs.add(codec(each));
    }
    return new SealedCodec(type, cases, codecs);
  }

  private static <E> ValueCodec<List<E>> list(ValueCodec<E> element) {
    return simple(
        (value, out) -> {
          out.rawVarint(value.size());
          for (E each : value) {
            element.write(each, out);
          }
        },
        in -> List.copyOf(elements(element, in)));
  }

  private static <E> ValueCodec<Set<E>> set(ValueCodec<E> element) {
    return simple(
        (value, out) -> {
          out.rawVarint(value.size());
          for (E each : value) {
            element.write(each, out);
          }
        },
        in -> Collections.unmodifiableSet(new LinkedHashSet<>(elements(element, in))));
  }

  private static <E> List<E> elements(ValueCodec<E> element, WireReader in) {
    int count = count(in, 1);
    List<E> values = new ArrayList<>(Math.min(count, 1_024));
    for (int i = 0; i < count; i++) {
      values.add(element.read(in));
    }
    return values;
  }

  private static <K, V> ValueCodec<Map<K, V>> map(ValueCodec<K> key, ValueCodec<V> element) {
    return simple(
        (value, out) -> {
          out.rawVarint(value.size());
          value.forEach(
              (k, v) -> {
                key.write(k, out);
                element.write(v, out);
              });
        },
        in -> {
          Map<K, V> values = new LinkedHashMap<>();
          for (int i = count(in, 2); i > 0; i--) {
            values.put(key.read(in), element.read(in));
          }
          return Collections.unmodifiableMap(values);
        });
  }

  private interface Writing<T> {
    void write(T value, WireWriter out);
  }

  private static <T> ValueCodec<T> simple(Writing<T> writing, Function<WireReader, T> reading) {
    return new ValueCodec<>() {
      @Override
      public void write(T value, WireWriter out) {
        writing.write(value, out);
      }

      @Override
      public T read(WireReader in) {
        return reading.apply(in);
      }
    };
  }

  private <T> void put(Class<T> type, Writing<T> writing, Function<WireReader, T> reading) {
    known.put(type, simple(writing, reading));
  }

  private void alias(Class<?> type, Class<?> same) {
    known.put(type, codec(same));
  }

  /// A class that owns its arrays travels as another type.
  private <T, F> void adapt(
      Class<T> type, Class<F> form, Function<T, F> toForm, Function<F, T> fromForm) {
    put(
        type,
        (value, out) -> of(form).write(toForm.apply(value), out),
        in -> {
          F read = of(form).read(in);
          try {
            return fromForm.apply(read);
          } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new MalformedFrameException("no " + type.getSimpleName() + " has this form", e);
          }
        });
  }

  /// Stands for a codec that is being made.
  private static final class Later implements ValueCodec<Object> {
    private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

    private volatile ValueCodec<?> codec = this;

    @Override
    @SuppressWarnings("unchecked") // it stands for the codec of the same type
    public void write(Object value, WireWriter out) {
      ((ValueCodec<Object>) codec).write(value, out);
    }

    @Override
    public Object read(WireReader in) {
      int[] depth = DEPTH.get();
      if (depth[0] >= MAX_DEPTH) {
        throw new MalformedFrameException("values nest deeper than " + MAX_DEPTH);
      }
      depth[0]++;
      try {
        return codec.read(in);
      } finally {
        depth[0]--;
      }
    }
  }

  private record EnumCodec<E>(List<E> constants) implements ValueCodec<E> {
    private EnumCodec(E[] constants) {
      this(List.of(constants));
    }

    @Override
    public void write(E value, WireWriter out) {
      out.rawVarint(((Enum<?>) value).ordinal());
    }

    @Override
    public E read(WireReader in) {
      int index = in.rawInt();
      if (index < 0 || index >= constants.size()) {
        throw new MalformedFrameException("no constant " + index + " among " + constants);
      }
      return constants.get(index);
    }
  }

  private record SealedCodec(Class<?> type, List<Class<?>> cases, List<ValueCodec<?>> codecs)
      implements ValueCodec<Object> {

    @Override
    @SuppressWarnings("unchecked") // the codec was made for the class the value is of
    public void write(Object value, WireWriter out) {
      for (int i = 0; i < cases.size(); i++) {
        if (cases.get(i).isInstance(value)) {
          out.rawVarint(i);
          ((ValueCodec<Object>) codecs.get(i)).write(value, out);
          return;
        }
      }
      throw new IllegalArgumentException(value + " is no " + type.getName());
    }

    @Override
    public Object read(WireReader in) {
      int index = in.rawInt();
      if (index < 0 || index >= codecs.size()) {
        throw new MalformedFrameException(type.getSimpleName() + " has no case " + index);
      }
      return codecs.get(index).read(in);
    }
  }
}
