package io.quern.bqskit.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.bqskit.pickle.Pickle;
import io.quern.bqskit.pickle.PickleException;
import io.quern.bqskit.pickle.PickleLimits;
import io.quern.bqskit.wire.FromClient;
import io.quern.bqskit.wire.FromManager;
import io.quern.bqskit.wire.ToClient;
import io.quern.bqskit.wire.ToManager;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages that the real BQSKit wrote are read as what they are, and the real BQSKit reads what is
/// written.
class WireCodecIT {
  private static final UUID TASK = UUID.fromString("01234567-89ab-cdef-fedc-ba9876543210");
  private static final WireCodec CODEC = new WireCodec(new PickleLimits(64 << 20, 200));

  @TempDir static Path directory;
  private static RecordedFrames recorded;

  @BeforeAll
  static void record() throws IOException {
    recorded = RecordedFrames.record(directory);
  }

  private static FromClient client(String name, int protocol) throws IOException {
    return CODEC.readClient(recorded.frame("client-" + name, protocol));
  }

  private static FromManager manager(String name, int protocol) throws IOException {
    return CODEC.readManager(recorded.frame("manager-" + name, protocol));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void clientsAreUnderstood(int protocol) throws IOException {
    assertThat(client("connect", protocol))
        .isEqualTo(new FromClient.Connect(List.of("/a", "", "/ü")));
    assertThat(client("disconnect", protocol)).isEqualTo(new FromClient.Disconnect());
    assertThat(client("request", protocol)).isEqualTo(new FromClient.Request(TASK));
    assertThat(client("status", protocol)).isEqualTo(new FromClient.Status(new UUID(0, 1)));
    assertThat(client("cancel", protocol)).isEqualTo(new FromClient.Cancel(new UUID(-1, -1)));
    assertThat(client("submit", protocol))
        .isInstanceOfSatisfying(
            FromClient.Submit.class,
            submit -> {
              assertThat(submit.id()).isEqualTo(TASK);
              assertThat(submit.loggingLevel()).isEqualTo(20);
              assertThat(submit.maxLoggingDepth()).isEqualTo(3);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void managersAreUnderstood(int protocol) throws IOException {
    WireAddress root = WireAddress.root(4);
    assertThat(manager("started", protocol)).isEqualTo(new FromManager.Started(4));
    assertThat(manager("submit", protocol))
        .isInstanceOfSatisfying(
            FromManager.Submit.class,
            submit -> {
              WireTask task = submit.tasks().getFirst();
              assertThat(submit.tasks()).hasSize(1);
              assertThat(task.address()).isEqualTo(new WireAddress(7, 2, 5));
              assertThat(task.compilation()).isEqualTo(4);
              assertThat(task.breadcrumbs()).containsExactly(root, new WireAddress(7, 1, 0));
            });
    assertThat(manager("submit-batch", protocol))
        .isInstanceOfSatisfying(
            FromManager.Submit.class,
            submit -> {
              assertThat(submit.tasks())
                  .extracting(WireTask::address)
                  .containsExactly(
                      new WireAddress(7, 2, 0), new WireAddress(7, 2, 1), new WireAddress(7, 2, 2));
              assertThat(submit.tasks()).allMatch(task -> task.breadcrumbs().equals(List.of(root)));
            });
    assertThat(manager("result", protocol))
        .isInstanceOfSatisfying(
            FromManager.Result.class,
            result -> {
              assertThat(result.result().address()).isEqualTo(root);
              assertThat(result.result().completedBy()).isEqualTo(9);
            });
    assertThat(manager("error", protocol)).isEqualTo(new FromManager.Failure(4, "Traceback: ü"));
    assertThat(manager("dying", protocol)).isEqualTo(new FromManager.Dying("everything failed"));
    assertThat(manager("cancel", protocol))
        .isEqualTo(new FromManager.Cancel(new WireAddress(7, 2, 1)));
    assertThat(manager("waiting", protocol))
        .isEqualTo(new FromManager.Waiting(2, new WireAddress(7, 2, 0)));
    assertThat(manager("waiting-none", protocol)).isEqualTo(new FromManager.Waiting(1, null));
    for (int i = 0; i < 2; i++) {
      assertThat(manager("update", protocol)).isEqualTo(new FromManager.Update(-1));
      assertThat(manager("update", protocol)).isEqualTo(new FromManager.Update(-1));
      assertThat(manager("update-more", protocol)).isEqualTo(new FromManager.Update(3));
    }
    assertThat(manager("communicate", protocol))
        .isInstanceOfSatisfying(
            FromManager.Communicate.class,
            message ->
                assertThat(message.addresses())
                    .containsExactly(new WireAddress(7, 2, 0), new WireAddress(7, 2, 1)));
    assertThat(manager("shutdown", protocol)).isEqualTo(new FromManager.Shutdown(false));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void logRecordsAreUnderstood(int protocol) throws IOException {
    assertThat(log("log", protocol))
        .isEqualTo(new LogRecords.LogRecord("bqskit.passes", 20, "Found 3 blocks in 1.50 s"));
    assertThat(log("log-plain", protocol)).isEqualTo(new LogRecords.LogRecord("a.b", 30, "plain"));
  }

  private static LogRecords.LogRecord log(String name, int protocol) throws IOException {
    return LogRecords.read(((FromManager.Log) manager(name, protocol)).record());
  }

  @Test
  void nobodyMaySayWhatIsTheOthers() throws IOException {
    for (byte[] frame : recorded.all("manager")) {
      assertThatThrownBy(() -> CODEC.readClient(frame)).isInstanceOf(PickleException.class);
    }
    byte[] connect = recorded.frame("client-connect", 4);
    assertThatThrownBy(() -> CODEC.readManager(connect))
        .isInstanceOf(PickleException.class)
        .hasMessage("a manager may not send CONNECT");
  }

  @Test
  void theRealPackageReadsWhatIsWritten() throws IOException {
    Files.createDirectory(directory.resolve("out"));
    write("connect", CODEC.write(new ToManager.Connect(5, 1 << 29)));
    write("shutdown", CODEC.write(new ToManager.Shutdown()));
    write("paths", CODEC.write(new ToManager.ImportPath(List.of("/a", "/ü"))));
    write("cancel", CODEC.write(new ToManager.Cancel(new WireAddress(7, 2, 1))));
    write("ready", CODEC.write(new ToClient.Ready()));
    write("failure", CODEC.write(new ToClient.Failure("Traceback: ü\n" + "x".repeat(300))));
    write("cancelled", CODEC.write(new ToClient.Cancel()));
    for (ToClient.CompilationStatus status : ToClient.CompilationStatus.values()) {
      write("status-" + status, CODEC.write(new ToClient.Status(status)));
    }
    for (int protocol = 2; protocol <= 5; protocol++) {
      FromClient.Submit submit = (FromClient.Submit) client("submit", protocol);
      WireTask root = RootTasks.rootTask(submit.task(), 11, 20, 3);
      write("root." + protocol, CODEC.write(new ToManager.Submit(List.of(root))));
      List<WireTask> batch = ((FromManager.Submit) manager("submit-batch", protocol)).tasks();
      List<WireTask> single = ((FromManager.Submit) manager("submit", protocol)).tasks();
      List<WireTask> mixed = List.of(batch.get(2), single.getFirst(), batch.getFirst());
      write("batch." + protocol, CODEC.write(new ToManager.Submit(mixed)));
      FromManager.Result result = (FromManager.Result) manager("result", protocol);
      write("result." + protocol, CODEC.write(new ToManager.Result(result.result())));
      write(
          "returned." + protocol,
          CODEC.write(new ToClient.Result(CODEC.returned(result.result()))));
      FromManager.Communicate message = (FromManager.Communicate) manager("communicate", protocol);
      write("communicate." + protocol, CODEC.write(new ToManager.Communicate(message.payload())));
      FromManager.Log log = (FromManager.Log) manager("log", protocol);
      write("log." + protocol, CODEC.write(new ToClient.Log(log.record())));
    }
    assertThat(recorded.run("/bqskit/answers.py")).isEqualTo("read\n");
  }

  private static void write(String name, Pickle pickle) throws IOException {
    Files.write(directory.resolve("out").resolve(name), pickle.toBytes());
  }
}
