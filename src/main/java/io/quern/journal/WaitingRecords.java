package io.quern.journal;

import io.quern.task.RecordFootprint;
import io.quern.task.TaskRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// Records that are durable and wait for the database, oldest first, with what each takes of the
/// journal, and of memory meanwhile.
///
/// Not thread-safe.
final class WaitingRecords {
  private record Entry(TaskRecord record, int bytes, long footprint) {}

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private long bytes;
  private long footprint;

  void add(TaskRecord record, int size) {
    Entry entry = new Entry(record, size, RecordFootprint.of(record));
    entries.add(entry);
    bytes += size;
    footprint += entry.footprint();
  }

  /// Takes the oldest.
  TaskRecord remove() {
    Entry first = entries.remove();
    bytes -= first.bytes();
    footprint -= first.footprint();
    return first.record();
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int count() {
    return entries.size();
  }

  /// Of the journal.
  long bytes() {
    return bytes;
  }

  /// About what they take of memory, in bytes.
  long footprint() {
    return footprint;
  }

  /// The oldest records, at least one if there is one: no more than so many, and none after so many
  /// bytes.
  List<TaskRecord> first(int mostRecords, long mostBytes) {
    List<TaskRecord> group = new ArrayList<>(Math.min(entries.size(), mostRecords));
    long size = 0;
    for (Entry each : entries) {
      if (group.size() == mostRecords || size >= mostBytes) {
        break;
      }
      group.add(each.record());
      size += each.bytes();
    }
    return group;
  }
}
