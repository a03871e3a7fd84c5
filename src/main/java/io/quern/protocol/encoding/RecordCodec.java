package io.quern.protocol.encoding;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A record as its components, in order; a nullable one follows a byte that says whether it is
/// there, and a record without components is one byte. A final class counts as a record of its
/// fields if they are final and a constructor takes them, by the same names and in the same order.
final class RecordCodec implements ValueCodec<Object> {

  private record Component(
      String name, Reader reader, ValueCodec<Object> codec, boolean isNullable) {}

  private interface Reader {
    @Nullable Object read(Object value) throws ReflectiveOperationException;
  }

  private final Class<?> type;
  private final Constructor<?> constructor;
  private final List<Component> components;

  private RecordCodec(Class<?> type, Constructor<?> constructor, List<Component> components) {
    this.type = type;
    this.constructor = constructor;
    this.components = components;
  }

  @SuppressWarnings("unchecked") // a codec made for a component's type is given values of it only
  static RecordCodec of(Class<?> type, Function<Type, ValueCodec<?>> codecs) {
    RecordComponent[] declared = type.getRecordComponents();
    List<Component> components = new ArrayList<>();
    for (RecordComponent each : declared) {
      Method accessor = each.getAccessor();
      accessor.setAccessible(true);
      boolean isNullable = each.getAnnotatedType().isAnnotationPresent(Nullable.class);
      ValueCodec<?> codec = codecs.apply(each.getGenericType());
      components.add(
          new Component(each.getName(), accessor::invoke, (ValueCodec<Object>) codec, isNullable));
    }
    try {
      Class<?>[] parameters =
          Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<?> constructor = type.getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      return new RecordCodec(type, constructor, List.copyOf(components));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every record has its canonical constructor", e);
    }
  }

  /// The codec of a final class; null if it does not count as a record.
  @SuppressWarnings("unchecked") // as above
  static @Nullable RecordCodec ofFields(Class<?> type, Function<Type, ValueCodec<?>> codecs) {
    List<Field> fields = new ArrayList<>();
    for (Field each : type.getDeclaredFields()) {
      if (!Modifier.isStatic(each.getModifiers())) {
        if (!Modifier.isFinal(each.getModifiers())) {
          return null;
        }
        fields.add(each);
      }
    }
    Constructor<?> constructor = constructorOf(type, fields);
    if (constructor == null
        || type.getSuperclass() != Object.class
        || !Modifier.isFinal(type.getModifiers())) {
      return null;
    }
    List<Component> components = new ArrayList<>();
    for (Field each : fields) {
      each.setAccessible(true);
      boolean isNullable = each.getAnnotatedType().isAnnotationPresent(Nullable.class);
      ValueCodec<?> codec = codecs.apply(each.getGenericType());
      components.add(
          new Component(each.getName(), each::get, (ValueCodec<Object>) codec, isNullable));
    }
    constructor.setAccessible(true);
    return new RecordCodec(type, constructor, List.copyOf(components));
  }

  private static @Nullable Constructor<?> constructorOf(Class<?> type, List<Field> fields) {
    for (Constructor<?> each : type.getDeclaredConstructors()) {
      Parameter[] parameters = each.getParameters();
      boolean fits = parameters.length == fields.size();
      for (int i = 0; fits && i < parameters.length; i++) {
        fits =
            parameters[i].isNamePresent()
                && parameters[i].getName().equals(fields.get(i).getName())
                && parameters[i].getParameterizedType().equals(fields.get(i).getGenericType());
      }
      if (fits) {
        return each;
      }
    }
    return null;
  }

  @Override
  public void write(Object value, WireWriter out) {
    if (components.isEmpty()) {
      out.rawByte(0);
    }
    for (Component each : components) {
      Object component = get(each, value);
      if (each.isNullable) {
        out.rawByte(component == null ? 0 : 1);
        if (component == null) {
          continue;
        }
      } else if (component == null) {
        throw new IllegalArgumentException(each.name + " is null in " + value);
      }
      each.codec.write(component, out);
    }
  }

  private static @Nullable Object get(Component component, Object value) {
    try {
      return component.reader.read(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("an accessor only reads", e);
    }
  }

  @Override
  public Object read(WireReader in) {
    if (components.isEmpty()) {
      in.rawByte();
    }
    @Nullable Object[] values = new Object[components.size()];
    for (int i = 0; i < values.length; i++) {
      Component each = components.get(i);
      values[i] = each.isNullable && in.rawByte() == 0 ? null : each.codec.read(in);
    }
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new MalformedFrameException("no " + type.getSimpleName() + " has this form", e);
    } catch (InstantiationException | IllegalAccessException e) {
      throw new IllegalStateException("a record can be made", e);
    }
  }
}
