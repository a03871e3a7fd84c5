package io.quern.benchmark;

import io.quern.engine.compile.Compilation;
import io.quern.link.LinkContext;
import io.quern.link.LinkSecurity;
import io.quern.link.LinkSettings;
import io.quern.manager.ManagerNode;
import java.time.InstantSource;
import java.util.List;

/// A process of managers that know the benchmark's functions, each with a link of its own.
///
///     java ... io.quern.benchmark.BenchmarkManager HOST:PORT MANAGERS WORKERS
public final class BenchmarkManager {
  private BenchmarkManager() {}

  public static void main(String[] args) throws Exception {
    for (int i = 1; i <= Integer.parseInt(args[1]); i++) {
      LinkContext context =
          new LinkContext(
              "benchmark-" + i,
              Compilation.VERSION,
              BenchmarkRoot.functions(),
              LinkSettings.DEFAULT,
              new LinkSecurity(null, null, false, false, null),
              List.of());
      ManagerNode.start(
          new ManagerNode.Settings(
              "manager-" + i, false, Integer.parseInt(args[2]), args[0], null, List.of()),
          context,
          InstantSource.system());
    }
    Thread.currentThread().join();
  }
}
