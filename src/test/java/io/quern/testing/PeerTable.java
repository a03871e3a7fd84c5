package io.quern.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/// The recorded CX counts of other compilers on the example circuits, gate set {cx, u3}, all-to-all
/// and on a line.
///
/// The figures were measured once (BQSKit 1.2.1, Qiskit's optimisation level 3 and tket on a
/// two-core machine) and stand in `peers/peers_measured.csv`; PeerTableBenchmark compares with
/// them.
public final class PeerTable {

  /// What one peer makes of a circuit.
  ///
  /// @param name such as `bqskit-L1`
  public record Peer(String name, int cx, int operations, int depth, double seconds) {}

  /// One circuit on one topology.
  ///
  /// @param topology `all` or `line`
  /// @param peers those that were measured
  public record Row(String circuit, int qubits, String topology, int cxBefore, List<Peer> peers) {
    public Row {
      peers = List.copyOf(peers);
    }

    /// Empty if the peer was not measured.
    public Optional<Peer> peer(String name) {
      return peers.stream().filter(peer -> peer.name().equals(name)).findFirst();
    }

    /// The peer's CX count; empty if it was not measured.
    public OptionalInt cx(String peer) {
      return peer(peer).map(found -> OptionalInt.of(found.cx())).orElse(OptionalInt.empty());
    }

    /// The fewest CX any peer needs.
    public int fewest() {
      return peers.stream().mapToInt(Peer::cx).min().orElseThrow();
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
    List<Peer> peers = new ArrayList<>();
    for (String[] fields : lines) {
      peers.add(
          new Peer(
              fields[3],
              Integer.parseInt(fields[5]),
              Integer.parseInt(fields[6]),
              Integer.parseInt(fields[7]),
              Double.parseDouble(fields[8])));
    }
    String[] first = lines.getFirst();
    return new Row(
        first[0], Integer.parseInt(first[1]), first[2], Integer.parseInt(first[4]), peers);
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
