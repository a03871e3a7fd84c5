package io.quern.bqskit;

import io.quern.task.TaskId;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The unfinished compilations of this wire, by each of the names they go by: the task's id, the id
/// its client chose, and the number of the server's mailbox for its result.
final class Compilations {
  private final Map<TaskId, PythonCompilation> byId = new LinkedHashMap<>();
  private final Map<UUID, PythonCompilation> byClientId = new HashMap<>();
  private final Map<Long, PythonCompilation> byMailbox = new HashMap<>();
  private long mailboxes;

  void add(PythonCompilation compilation) {
    byId.put(compilation.id(), compilation);
    if (compilation.clientId() != null) {
      byClientId.put(compilation.clientId(), compilation);
    }
  }

  /// It is not unfinished any more; it keeps the number of its mailbox.
  void remove(PythonCompilation compilation) {
    byId.remove(compilation.id());
    byMailbox.remove(compilation.mailbox);
    if (compilation.clientId() != null) {
      byClientId.remove(compilation.clientId(), compilation);
    }
  }

  @Nullable PythonCompilation find(TaskId id) {
    return byId.get(id);
  }

  @Nullable PythonCompilation ofClient(UUID clientId) {
    return byClientId.get(clientId);
  }

  /// Oldest first.
  Collection<PythonCompilation> all() {
    return Collections.unmodifiableCollection(byId.values());
  }

  int size() {
    return byId.size();
  }

  /// It is about to run: its result will come under a number that was never used before.
  void giveMailbox(PythonCompilation compilation) {
    mailboxes++;
    compilation.mailbox = mailboxes;
    byMailbox.put(mailboxes, compilation);
  }

  /// It runs no more, so that nothing that comes under its number is for it.
  void takeMailbox(PythonCompilation compilation) {
    byMailbox.remove(compilation.mailbox);
    compilation.mailbox = -1;
  }

  /// The running compilation that a mailbox of the server belongs to; null if there is none any
  /// more.
  @Nullable PythonCompilation running(long mailbox) {
    PythonCompilation compilation = byMailbox.get(mailbox);
    return compilation == null || compilation.isOver() ? null : compilation;
  }

  /// The running compilations whose roots a manager has.
  List<PythonCompilation> rootsOf(PythonManager manager) {
    return byMailbox.values().stream()
        .filter(compilation -> compilation.holder == manager && !compilation.isOver())
        .toList();
  }

  /// Managers that have a root that is suspected of ending managers.
  Set<PythonManager> suspectHolders() {
    Set<PythonManager> holders = new HashSet<>();
    for (PythonCompilation compilation : byMailbox.values()) {
      if (compilation.isSuspected() && compilation.holder != null) {
        holders.add(compilation.holder);
      }
    }
    return holders;
  }

  /// How many suspects are being started or run.
  long suspectsOnTheirWay() {
    return byId.values().stream().filter(each -> each.isSuspected() && each.isOnItsWay()).count();
  }
}
