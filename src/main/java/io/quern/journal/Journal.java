package io.quern.journal;

import io.quern.protocol.encoding.ValueCodec;
import io.quern.protocol.encoding.ValueCodecs;
import io.quern.protocol.encoding.WireReader;
import io.quern.protocol.encoding.WireWriter;
import io.quern.task.TaskRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The records that are durable, in order, until the database has them: two files that take turns,
/// so that one can be emptied while the other grows.
///
/// Every record has a position, one more than the record before it, over restarts too. The form of
/// records holds between processes of one version; a journal that another one left is refused
/// rather than misread. A process that ends in an orderly way leaves an empty one.
///
/// Not thread-safe.
final class Journal implements AutoCloseable {
  /// A file is left for the other when it has grown to this.
  private static final long TURN = 16L << 20;

  private static final int KEPT_BUFFER = 1 << 20;

  /// Records with the position of the first.
  record Group(long position, List<TaskRecord> records) {}

  private final ValueCodec<TaskRecord> codec = new ValueCodecs().of(TaskRecord.class);
  private final String version;
  private final boolean force;
  private JournalFile current;
  private JournalFile other;

  /// Position of the last record in the other file.
  private long otherUntil;

  private long last;
  private WireWriter out = new WireWriter(1 << 16);

  private Journal(String version, boolean force, JournalFile current, JournalFile other) {
    this.version = version;
    this.force = force;
    this.current = current;
    this.other = other;
  }

  /// @param version of the form of records
  /// @param force whether a record counts as durable only when the medium has it
  static Journal open(Path directory, String version, boolean force) throws IOException {
    Files.createDirectories(directory);
    return new Journal(
        version,
        force,
        JournalFile.open(directory.resolve("quern-0.journal")),
        JournalFile.open(directory.resolve("quern-1.journal")));
  }

  /// What an earlier process left, in order.
  ///
  /// @param applied position up to which the database has the records
  /// @throws IOException if it cannot be read, or another version left it
  List<Group> read(long applied) throws IOException {
    List<JournalFile.Frame> frames = new ArrayList<>(current.read());
    frames.addAll(other.read());
    frames.sort(Comparator.comparingLong(JournalFile.Frame::position));
    last = applied;
    List<Group> groups = new ArrayList<>();
    for (JournalFile.Frame frame : frames) {
      byte[] bytes = new byte[frame.payload().remaining()];
      frame.payload().get(bytes);
      WireReader in = new WireReader(bytes);
      String found = in.rawString();
      if (!found.equals(version)) {
        throw new IOException(
            "the journal is of version "
                + found
                + " and this is "
                + version
                + ": start that version once and stop it in an orderly way");
      }
      List<TaskRecord> records = new ArrayList<>();
      for (int count = in.rawInt(); count > 0; count--) {
        records.add(codec.read(in));
      }
      long end = frame.position() + records.size() - 1;
      if (end > applied) {
        int known = (int) Math.max(0, applied + 1 - frame.position());
        groups.add(
            new Group(
                Math.max(frame.position(), applied + 1), records.subList(known, records.size())));
      }
      last = Math.max(last, end);
    }
    otherUntil = last;
    return groups;
  }

  /// Writes records in one write; nothing of them is there if that fails.
  ///
  /// @return how many bytes each of them takes
  int[] append(List<TaskRecord> records) throws IOException {
    int[] sizes = new int[records.size()];
    out.clear();
    out.rawString(version);
    out.rawVarint(sizes.length);
    for (int i = 0; i < sizes.length; i++) {
      int begin = out.size();
      codec.write(records.get(i), out);
      sizes[i] = out.size() - begin;
    }
    current.append(last + 1, out.toByteArray(), force);
    last += sizes.length;
    if (out.size() > KEPT_BUFFER) {
      out = new WireWriter(1 << 16);
    }
    return sizes;
  }

  /// Position of the last record.
  long last() {
    return last;
  }

  /// Empties what is no longer needed.
  ///
  /// @param applied position up to which the database has the records
  void forget(long applied) throws IOException {
    if (other.size() > 0 && otherUntil <= applied) {
      other.clear();
    }
    if (current.size() >= TURN && other.size() == 0) {
      JournalFile full = current;
      current = other;
      other = full;
      otherUntil = last;
    }
    if (applied >= last && current.size() >= TURN) {
      current.clear();
    }
  }

  /// Empties both files: the database has everything.
  void clear() throws IOException {
    current.clear();
    other.clear();
  }

  @Override
  public void close() throws IOException {
    current.close();
    other.close();
  }
}
