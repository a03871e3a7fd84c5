package io.quern.server;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.qasm.QasmWriter;
import io.quern.link.LinkContext;
import io.quern.link.LinkServer;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.task.CompilationTask;
import io.quern.task.Submission;
import io.quern.task.TaskId;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.StoredEvent;
import io.quern.task.store.JdbcTaskStore;
import io.quern.task.store.LiveEventFeed;
import io.quern.task.store.Retention;
import io.quern.task.store.StoreDatabase;
import io.quern.task.store.StoreWriter;
import io.quern.testing.OpenDoor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.springframework.util.unit.DataSize;

/// One life of the service in this process: a store in a directory and a running server on it, that
/// end together.
final class ServerLife implements AutoCloseable {

  /// @param localManager whether it has two workers of its own
  record Settings(boolean localManager, Duration reattachGrace, Duration drain) {}

  final JdbcTaskStore store;
  final QuernServer server;
  private final StoreDatabase database;
  private final StoreWriter writer;
  private boolean isOver;

  /// @param root what compilations are
  /// @param functions of runtime tasks that leave the process, or whose results are kept
  ServerLife(
      Path directory,
      RuntimeFunction<Submission, CompilationResult> root,
      FunctionRegistry functions,
      Settings settings,
      MeterRegistry registry) {
    database = StoreDatabase.open(StoreDatabase.Settings.of(directory));
    store = new JdbcTaskStore(database, QasmWriter::write, Retention.DEFAULT);
    writer = new StoreWriter(store, new LiveEventFeed(store), 1 << 24);
    server =
        new QuernServer(
            new RuntimeProperties(
                2,
                settings.localManager(),
                List.of(),
                Duration.ofSeconds(30),
                100,
                1_000,
                DataSize.ofMegabytes(1),
                Duration.ofSeconds(5),
                Duration.ofMillis(20),
                settings.reattachGrace(),
                settings.drain()),
            store,
            writer,
            root,
            functions,
            InstantSource.system(),
            new ServerMeters(registry));
    server.start();
  }

  /// Lets managers join at a port of this machine.
  LinkServer open(int port, LinkContext links) throws IOException {
    LinkServer door = OpenDoor.at(port, links, server::open);
    server.managersMayJoin();
    return door;
  }

  CompilationTask status(TaskId task) {
    return Objects.requireNonNull(store.find(task));
  }

  void awaitState(TaskId task, TaskState state) {
    await(state + " of task " + task).until(() -> status(task).state(), state::equals);
  }

  List<String> eventTypes(TaskId task) {
    return store.events(task, 1, 1_000).stream().map(StoredEvent::type).toList();
  }

  @Override
  public void close() {
    if (!isOver) {
      isOver = true;
      server.stop();
      writer.close();
      store.close();
      database.close();
    }
  }
}
