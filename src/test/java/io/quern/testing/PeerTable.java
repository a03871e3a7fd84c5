package io.quern.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;

/// The recorded CX counts of other compilers on the example circuits, gate set {cx, u3}, all-to-all
/// and on a line.
///
/// The figures were measured once (BQSKit 1.2.1, Qiskit's optimisation level 3 and tket on a
/// two-core machine) and stand in `peers/peers_measured.csv`; PeerTableBenchmark compares with
/// them.
public final class PeerTable {

  /// One circuit on one topology.
  ///
  /// @param topology `all` or `line`
  /// @param cxByPeer CX after compilation by peer, such as `bqskit-L1`
  public record Row(
      String circuit, int qubits, String topology, int cxBefore, Map<String, Integer> cxByPeer) {
    public Row {
      cxByPeer = new TreeMap<>(cxByPeer);
    }

    /// The peer's CX count; empty if it was not measured.
    public OptionalInt cx(String peer) {
      Integer cx = cxByPeer.get(peer);
      return cx == null ? OptionalInt.empty() : OptionalInt.of(cx);
    }

    /// The fewest CX any peer needs.
    public int fewest() {
      return cxByPeer.values().stream().mapToInt(Integer::intValue).min().orElseThrow();
    }
  }

  private PeerTable() {}

  /// All rows, by circuit and topology.
  public static List<Row> rows() {
    Map<String, List<String[]>> byRow = new TreeMap<>();
    for (String line : text().lines().skip(1).toList()) {
      String[] fields = line.split(",", -1);
      byRow.computeIfAbsent(fields[0] + " " + fields[2], _ -> new ArrayList<>()).add(fields);
    }
    return byRow.values().stream().map(PeerTable::row).toList();
  }

  private static Row row(List<String[]> lines) {
    Map<String, Integer> cx = new TreeMap<>();
    for (String[] fields : lines) {
      cx.put(fields[3], Integer.parseInt(fields[5]));
    }
    String[] first = lines.getFirst();
    return new Row(first[0], Integer.parseInt(first[1]), first[2], Integer.parseInt(first[4]), cx);
  }

  private static String text() {
    try (InputStream in =
        Objects.requireNonNull(PeerTable.class.getResourceAsStream("/peers/peers_measured.csv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
