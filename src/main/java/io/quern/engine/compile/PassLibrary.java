package io.quern.engine.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The passes a workflow may name.
public final class PassLibrary {
  /// Qubits of the widest part.
  static final int MOST_QUBITS = 6;

  private static final String SUFFIX = "Pass";

  private static final Map<String, PassEntry> ENTRIES = entries();
  private static final Map<String, PassEntry> BY_ANY_NAME = byAnyName();

  private PassLibrary() {}

  /// All passes, in the order of the documentation.
  public static List<PassDescription> descriptions() {
    return ENTRIES.values().stream().map(PassEntry::description).toList();
  }

  /// The names of all passes.
  static List<String> names() {
    return List.copyOf(ENTRIES.keySet());
  }

  /// A pass by its name or one of its other names, each with or without `Pass` at its end.
  static @Nullable PassEntry find(String name) {
    return BY_ANY_NAME.get(bare(name));
  }

  private static String bare(String name) {
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  private static Map<String, PassEntry> entries() {
    List<PassEntry> all = new ArrayList<>();
    all.addAll(RewritingPasses.all());
    all.addAll(SynthesisPasses.all());
    all.addAll(PartitionPasses.all());
    all.addAll(ControlPasses.all());
    all.addAll(MappingPasses.all());
    Map<String, PassEntry> byName = new LinkedHashMap<>();
    all.forEach(entry -> byName.put(entry.description().name(), entry));
    return byName;
  }

  private static Map<String, PassEntry> byAnyName() {
    Map<String, PassEntry> found = new HashMap<>();
    for (PassEntry entry : ENTRIES.values()) {
      found.put(bare(entry.description().name()), entry);
      entry.description().aliases().forEach(alias -> found.put(bare(alias), entry));
    }
    return found;
  }
}
