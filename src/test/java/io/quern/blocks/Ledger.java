package io.quern.blocks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What the functions of all processes of a test have done, one line an entry, in one file that
/// each of them appends to: what is in it was computed, however often anybody says so.
public final class Ledger {
  /// That of this process; in one without the property nothing may be written.
  static final Ledger MINE = new Ledger(Path.of(System.getProperty("quern.blocks.ledger", "")));

  private final Path file;

  public Ledger(Path file) {
    this.file = file;
  }

  /// @param what `start`, `done`, `left` when it was cancelled, or `root`
  /// @param pid of the process that did it
  /// @param millis when, by the clock all processes of the machine share
  public record Entry(String what, int job, int number, long pid, long millis) {
    private static Entry of(String line) {
      String[] words = line.split(" ");
      return new Entry(
          words[0],
          Integer.parseInt(words[1]),
          Integer.parseInt(words[2]),
          Long.parseLong(words[3]),
          Long.parseLong(words[4]));
    }
  }

  /// Appends an entry by one write, so that those of several processes do not mix.
  void add(String what, int job, int number) {
    String line =
        "%s %d %d %d %d%n"
            .formatted(
                what, job, number, ProcessHandle.current().pid(), System.currentTimeMillis());
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Entry> all() {
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().map(Entry::of).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All entries of a job, oldest first.
  public List<Entry> of(int job) {
    return all().stream().filter(entry -> entry.job() == job).toList();
  }

  /// How many entries there are of each kind, by job.
  public Map<Integer, Map<String, Long>> counts() {
    return all().stream()
        .collect(
            Collectors.groupingBy(
                Entry::job,
                TreeMap::new,
                Collectors.groupingBy(Entry::what, TreeMap::new, Collectors.counting())));
  }

  /// Those of one kind.
  public List<Entry> of(int job, String what) {
    return of(job).stream().filter(entry -> entry.what().equals(what)).toList();
  }
}
