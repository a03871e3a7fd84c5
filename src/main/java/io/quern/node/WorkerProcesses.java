package io.quern.node;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;

/// The worker processes a manager has started: one that dies is started again, after pauses that
/// grow while it dies soon. They end with the manager, however it ends: each reads from a pipe that
/// the system closes with the manager's process.
public final class WorkerProcesses implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WorkerProcesses.class);
  private static final String MAIN = "io.quern.QuernApplication";
  private static final String TOKEN_VARIABLE = "QUERN_LINK_JOIN_TOKEN";
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /// A process that lived as long as this is thought sound: the pauses begin anew.
  private static final Duration SOUND = Duration.ofMinutes(1);

  /// How long a process may take to end when it is asked to.
  private static final Duration GOODBYE = Duration.ofSeconds(5);

  /// Of the machine's memory, for the heaps of all worker processes together.
  private static final int HEAP_PERCENT = 60;

  private final List<String> command;
  private final String joinToken;
  private final List<Process> running = new ArrayList<>();
  private final List<Thread> keepers = new ArrayList<>();
  private final AtomicInteger restarts = new AtomicInteger();
  private boolean isClosed;

  private WorkerProcesses(List<String> command, String joinToken) {
    this.command = command;
    this.joinToken = joinToken;
  }

  /// Starts so many, each with one slot.
  ///
  /// @param manager `host:port` at which the manager listens for them alone, on loopback and
  ///   unencrypted
  /// @param labels what their slots offer
  /// @param settings of the manager's command line that they need too
  /// @param joinToken of that port; handed over where other users of the machine do not see it
  static WorkerProcesses start(
      int count, String manager, List<String> labels, List<String> settings, String joinToken) {
    List<String> command = java(count);
    command.addAll(arguments(manager, 1, labels, settings));
    WorkerProcesses processes = new WorkerProcesses(List.copyOf(command), joinToken);
    for (int i = 1; i <= count; i++) {
      int number = i;
      processes.keepers.add(
          Thread.ofVirtual().name("quern-worker-process-" + i).start(() -> processes.keep(number)));
    }
    return processes;
  }

  /// What makes this program a worker process that ends with the one that starts it.
  static List<String> arguments(
      String manager, int slots, List<String> labels, List<String> settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "worker",
                "--manager=" + manager,
                "--slots=" + slots,
                "--quern.manager.end-with-parent=true",
                // Whatever the environment says to the manager is not said to them.
                "--quern.manager.worker-processes=0",
                "--quern.manager.listen=-1",
                "--quern.manager.managers=",
                "--quern.manager.time-limit=0s",
                "--quern.manager.labels=" + String.join(",", labels),
                "--quern.link.ssl-bundle=",
                "--quern.link.client-certificates=false",
                "--server.port=0",
                "--server.address=127.0.0.1"));
    arguments.addAll(settings);
    return arguments;
  }

  private static final List<String> NOT_FOR_WORKERS =
      List.of(
          "--quern.link.join-token", "--quern.link.ssl-bundle", "--quern.link.client-certificates");

  /// What of the command line is said to worker processes too; they have the environment and the
  /// files anyway. Their one link is to this process, with a token of its own and no encryption.
  public static List<String> settings(String[] arguments, Environment environment) {
    List<String> settings =
        new ArrayList<>(
            Stream.of(arguments)
                .filter(
                    each ->
                        each.startsWith("--quern.link.")
                            || each.startsWith("--spring.")
                            || each.startsWith("--logging."))
                .filter(each -> NOT_FOR_WORKERS.stream().noneMatch(each::startsWith))
                .toList());
    if (environment.containsProperty("management.server.port")) {
      // It is the manager's: a port for health and metrics can be had once.
      settings.add("--management.server.port=0");
      settings.add("--management.server.address=127.0.0.1");
    }
    return settings;
  }

  /// This program by this Java, with this one's options.
  ///
  /// @param count of processes that share the memory
  static List<String> java(int count) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    boolean hasHeap = false;
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!option.startsWith("-agentlib") && !option.startsWith("-javaagent")) {
        command.add(option);
        hasHeap |= option.startsWith("-Xmx") || option.contains("RAMPercentage");
      }
    }
    if (!hasHeap) {
      command.add("-XX:MaxRAMPercentage=" + Math.max(1, HEAP_PERCENT / Math.max(1, count)));
    }
    String path = System.getProperty("java.class.path", "");
    if (path.endsWith(".jar") && !path.contains(File.pathSeparator)) {
      command.addAll(List.of("-jar", path));
    } else {
      command.addAll(List.of("-cp", path, MAIN));
    }
    return command;
  }

  /// Keeps one process running until the end.
  private void keep(int number) {
    Duration pause = FIRST_PAUSE;
    try {
      while (true) {
        long begun = System.nanoTime();
        Process process;
        try {
          process = launch();
        } catch (IOException e) {
          // The machine may want memory or room for processes at this moment.
          log.error("worker process {} cannot be started; tried again in {}", number, pause, e);
          Thread.sleep(pause);
          pause = longer(pause);
          continue;
        }
        if (process == null) {
          return;
        }
        int status = process.waitFor();
        if (isOver(process)) {
          return;
        }
        boolean wasSound = System.nanoTime() - begun >= SOUND.toNanos();
        pause = wasSound ? FIRST_PAUSE : pause;
        log.warn(
            "worker process {} (pid {}) ended with status {}; started again in {}",
            number,
            process.pid(),
            status,
            pause);
        Thread.sleep(pause);
        pause = longer(pause);
        restarts.incrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private synchronized boolean isOver(Process ended) {
    running.remove(ended);
    return isClosed;
  }

  private synchronized @Nullable Process launch() throws IOException {
    if (isClosed) {
      return null;
    }
    Process process = launch(command, joinToken);
    running.add(process);
    return process;
  }

  static Process launch(List<String> command, String joinToken) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put(TOKEN_VARIABLE, joinToken);
    return builder.start();
  }

  /// Those that live.
  synchronized int size() {
    return running.size();
  }

  /// How often one was started again.
  int restarts() {
    return restarts.get();
  }

  @Override
  public void close() {
    List<Process> last;
    synchronized (this) {
      isClosed = true;
      last = List.copyOf(running);
    }
    keepers.forEach(Thread::interrupt);
    last.forEach(Process::destroy);
    long end = System.nanoTime() + GOODBYE.toNanos();
    for (Process each : last) {
      try {
        if (!each.waitFor(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
          each.destroyForcibly();
        }
      } catch (InterruptedException e) {
        each.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
