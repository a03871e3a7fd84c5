package io.quern.bqskit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lists of import paths that are remembered, so that equal ones are known as such. Clients send
/// them, so what is remembered is bounded: the oldest are forgotten first.
final class PathLists {
  private static final int MOST = 1000;
  private static final long MOST_CHARACTERS = 4L << 20;

  private final Map<List<String>, List<String>> known = new LinkedHashMap<>();
  private long characters;

  /// The one list that stands for all equal ones: the first of them.
  List<String> shared(List<String> paths) {
    List<String> first = known.get(paths);
    return first == null ? remembered(paths) : first;
  }

  /// Whether it is not among those remembered. It is from now on.
  boolean isNew(List<String> paths) {
    boolean isNew = !known.containsKey(paths);
    if (isNew) {
      remembered(paths);
    }
    return isNew;
  }

  private List<String> remembered(List<String> paths) {
    known.put(paths, paths);
    characters += length(paths);
    while (known.size() > MOST || (characters > MOST_CHARACTERS && known.size() > 1)) {
      List<String> oldest = known.keySet().iterator().next();
      known.remove(oldest);
      characters -= length(oldest);
    }
    return paths;
  }

  private static long length(List<String> paths) {
    return paths.stream().mapToLong(String::length).sum();
  }
}
