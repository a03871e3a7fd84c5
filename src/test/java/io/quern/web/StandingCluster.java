package io.quern.web;

import io.quern.link.Dialler;
import io.quern.server.Cluster;
import io.quern.server.ClusterNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A cluster of one manager with a process of workers under it, which dials nobody.
final class StandingCluster implements Cluster {
  private static final Instant SINCE = Instant.parse("2026-11-23T08:00:00Z");

  private final List<Dialled> dialled = new ArrayList<>();

  @Override
  public synchronized Tree tree() {
    ClusterNode workers =
        new ClusterNode(
            "rack-8",
            "worker",
            "10.0.0.8:50001",
            "started",
            "0.1.0",
            List.of("gpu"),
            SINCE,
            2,
            1,
            1,
            0,
            List.of());
    ClusterNode manager =
        new ClusterNode(
            "rack-7",
            "manager",
            "10.0.0.7:50000",
            "started",
            "0.1.0",
            List.of(),
            SINCE,
            6,
            3,
            4,
            0,
            List.of(workers));
    return new Tree(
        "front",
        "0.1.0",
        SINCE,
        false,
        "127.0.0.1:7470",
        6,
        3,
        0,
        4,
        List.of(manager),
        List.copyOf(dialled));
  }

  @Override
  public synchronized boolean connectToManager(String address) {
    String checked = Dialler.checked(address);
    if (dialled.stream().anyMatch(each -> each.address().equals(checked))) {
      return false;
    }
    dialled.add(new Dialled(checked, false, "not dialled yet"));
    return true;
  }
}
