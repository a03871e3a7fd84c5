package io.quern.journal;

import io.quern.protocol.encoding.ValueCodec;
import io.quern.protocol.encoding.ValueCodecs;
import io.quern.protocol.encoding.WireReader;
import io.quern.protocol.encoding.WireWriter;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Durable records that the database refuses, and all later ones of the same tasks, kept aside in a
/// file of their own until it takes them: what was acknowledged is not lost, and the records of
/// other tasks do not wait for it.
///
/// Thread-safe.
final class RefusedRecords implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RefusedRecords.class);
  private static final String NAME = "quern-refused.journal";

  private record Entry(long position, TaskRecord record) {}

  private final ValueCodec<TaskRecord> codec = new ValueCodecs().of(TaskRecord.class);
  private final Path directory;
  private final String version;
  private final List<Entry> entries = new ArrayList<>();
  private final Set<TaskId> tasks = new HashSet<>();
  private JournalFile file;

  private RefusedRecords(Path directory, String version, JournalFile file) {
    this.directory = directory;
    this.version = version;
    this.file = file;
  }

  /// Opens the file and reads what is in it. One that another version left is renamed and said so:
  /// nobody can read it, and nothing may be thrown away that was acknowledged.
  static RefusedRecords open(Path directory, String version) throws IOException {
    RefusedRecords refused =
        new RefusedRecords(directory, version, JournalFile.open(directory.resolve(NAME)));
    for (JournalFile.Frame frame : refused.file.read()) {
      byte[] bytes = new byte[frame.payload().remaining()];
      frame.payload().get(bytes);
      WireReader in = new WireReader(bytes);
      String found = in.rawString();
      if (!found.equals(version)) {
        refused.startAnew(found);
        break;
      }
      refused.note(new Entry(frame.position(), refused.codec.read(in)));
    }
    return refused;
  }

  private void startAnew(String found) throws IOException {
    file.close();
    Path kept = directory.resolve("quern-refused-" + found + ".journal");
    Files.move(directory.resolve(NAME), kept, StandardCopyOption.REPLACE_EXISTING);
    log.error(
        "the records version {} could not carry into the database are kept in {}", found, kept);
    entries.clear();
    tasks.clear();
    file = JournalFile.open(directory.resolve(NAME));
  }

  private void note(Entry entry) {
    entries.add(entry);
    tasks.addAll(tasks(entry.record()));
  }

  private static Collection<TaskId> tasks(TaskRecord record) {
    List<TaskRecord.Accepted> brought = record.newTasks();
    return brought.isEmpty()
        ? List.of(record.task())
        : brought.stream().map(TaskRecord.Accepted::task).toList();
  }

  synchronized int size() {
    return entries.size();
  }

  /// Position of the last one; 0 if there is none.
  synchronized long lastPosition() {
    return entries.isEmpty() ? 0 : entries.getLast().position();
  }

  synchronized Set<TaskId> tasks() {
    return Set.copyOf(tasks);
  }

  /// Oldest first.
  synchronized List<TaskRecord> records() {
    return entries.stream().map(Entry::record).toList();
  }

  /// Whether an earlier record of one of the same tasks is here.
  synchronized boolean concerns(TaskRecord record) {
    return !tasks.isEmpty() && tasks(record).stream().anyMatch(tasks::contains);
  }

  /// Keeps a record; it is durable when this returns.
  synchronized void add(long position, TaskRecord record) throws IOException {
    file.append(position, bytes(record), true);
    note(new Entry(position, record));
  }

  private byte[] bytes(TaskRecord record) {
    WireWriter out = new WireWriter(1 << 10);
    out.rawString(version);
    codec.write(record, out);
    return out.toByteArray();
  }

  /// Offers the records once more, those of each task in order.
  ///
  /// @param takes whether the database has a record now
  /// @return those it has, oldest first
  synchronized List<TaskRecord> tryAgain(Predicate<TaskRecord> takes) throws IOException {
    List<TaskRecord> taken = new ArrayList<>();
    List<Entry> left = new ArrayList<>();
    Set<TaskId> stuck = new HashSet<>();
    for (Entry each : entries) {
      Collection<TaskId> concerned = tasks(each.record());
      if (concerned.stream().noneMatch(stuck::contains) && takes.test(each.record())) {
        taken.add(each.record());
      } else {
        stuck.addAll(concerned);
        left.add(each);
      }
    }
    if (!taken.isEmpty()) {
      rewrite(left);
    }
    return taken;
  }

  /// The old file stays until the new one is whole.
  private void rewrite(List<Entry> left) throws IOException {
    Path next = directory.resolve(NAME + ".new");
    Files.deleteIfExists(next);
    try (JournalFile written = JournalFile.open(next)) {
      for (Entry each : left) {
        written.append(each.position(), bytes(each.record()), true);
      }
    }
    file.close();
    Files.move(next, directory.resolve(NAME), StandardCopyOption.REPLACE_EXISTING);
    file = JournalFile.open(directory.resolve(NAME));
    // Read to know where it ends.
    file.read();
    entries.clear();
    tasks.clear();
    left.forEach(this::note);
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
