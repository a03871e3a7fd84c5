package io.quern.node;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.link.LinkContext;
import io.quern.link.LinkSecurity;
import io.quern.link.LinkSettings;
import io.quern.manager.Isolation;
import io.quern.manager.ManagerNode;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.runtime.Fixtures;
import io.quern.task.Submission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A manager with two slots in a process of its own, or one of the processes that it starts, whose
/// compilations end their process if they are called so.
public final class PoisonedManager {
  private static final String FLAG = "quern.test.flag";

  private PoisonedManager() {}

  /// Ends its process if it is called `poison`; otherwise ends when a file is there.
  public static final class Root implements RuntimeFunction<Submission, CompilationResult> {
    @Override
    public String name() {
      return "poison-or-not";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public CompilationResult run(Submission submission, RuntimeHandle runtime)
        throws InterruptedException {
      if ("poison".equals(submission.name())) {
        Runtime.getRuntime().halt(137);
      }
      Path flag = Path.of(System.getProperty(FLAG, ""));
      while (!Files.exists(flag)) {
        runtime.checkCancelled();
        LockSupport.parkNanos(10_000_000);
      }
      return Fixtures.result(1);
    }
  }

  /// What links of these processes have in common.
  public static LinkContext context(String name, @Nullable String joinToken, boolean isCell) {
    return new LinkContext(
        name,
        "1",
        FunctionRegistry.of(List.of(new Root())),
        LinkSettings.DEFAULT,
        new LinkSecurity(null, null, false, false, joinToken),
        List.of(),
        isCell);
  }

  /// The start of a command line.
  ///
  /// @param flag a file whose presence ends compilations that are no poison
  public static List<String> program(Path flag) {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
            "--add-modules=jdk.incubator.vector",
            "-XX:TieredStopAtLevel=1",
            "-D" + FLAG + "=" + flag,
            "-cp",
            System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path", "")),
            PoisonedManager.class.getName()));
  }

  /// @param arguments `manager HOST:PORT`, or those of a worker process
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments[0].equals("manager")) {
      LinkContext context = context("manager", null, false);
      Path flag = Path.of(System.getProperty(FLAG, ""));
      ManagerNode.start(
          new ManagerNode.Settings("manager", false, 2, arguments[1], null, List.of()),
          context,
          InstantSource.system(),
          new Isolation(
              3, new CellProcesses(context, List.of(), List.of(), () -> program(flag)), false),
          () -> {});
    } else {
      ManagerNode.start(
          new ManagerNode.Settings(
              "cell",
              true,
              Integer.parseInt(option(arguments, "--slots")),
              option(arguments, "--manager"),
              null,
              List.of()),
          context(
              option(arguments, "--quern.link.name"), System.getenv("QUERN_LINK_JOIN_TOKEN"), true),
          InstantSource.system(),
          new Isolation(0, null, true),
          () -> Runtime.getRuntime().halt(0));
    }
    new CountDownLatch(1).await();
  }

  private static String option(String[] arguments, String name) {
    return Arrays.stream(arguments)
        .filter(each -> each.startsWith(name + "="))
        .map(each -> each.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }
}
