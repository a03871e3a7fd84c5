package io.quern.worker;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// What the runtime tasks of one worker keep for those that come after them; BQSKit's `get_cache`.
/// What was not used for longest goes first.
///
/// Thread-safe, though nearly always used by the thread that holds the slot: a task that leaves
/// because it is cancelled may not hold it any more.
final class WorkerCache {
  static final int MOST = 256;

  private record Key(Class<?> type, String name) {}

  private final Map<Key, Object> entries = new LinkedHashMap<>(16, 0.75f, true);

  /// What is there, or else what the maker makes; a maker may use the cache too.
  <T> T get(Class<T> type, String name, Supplier<? extends T> maker) {
    Key key = new Key(type, name);
    synchronized (entries) {
      Object known = entries.get(key);
      if (known != null) {
        return type.cast(known);
      }
    }
    T made = maker.get();
    synchronized (entries) {
      entries.put(key, made);
      if (entries.size() > MOST) {
        Iterator<Key> oldest = entries.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
    }
    return made;
  }
}
