package io.quern.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.failure.ErrorCode;
import io.quern.task.TaskError;
import io.quern.task.TaskId;
import io.quern.web.ApiIT.Frames;
import io.quern.web.Http.Answer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/// Streams at their edges: beyond the end, after the end, slow readers, quiet tasks, purged tasks.
@SpringBootTest(
    classes = WebTestApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "management.server.port=0",
      "quern.limits.keep-alive=50ms",
      "quern.limits.slow-reader=5s"
    })
class StreamIT {
  @LocalServerPort private int port;
  @Autowired private InMemoryTasks tasks;
  @Autowired private EventStreams streams;
  private Http http;
  private TaskId task = new TaskId(new java.util.UUID(0, 0));

  @BeforeEach
  void submit() throws Exception {
    http = new Http(port);
    task = TaskId.parse(http.post("/tasks", "OPENQASM 2.0; qreg q[1];").text("id"));
  }

  @Test
  void eventBeyondTheEndIsWaitedForWhileTheTaskLives() throws Exception {
    CompletableFuture<Answer> third = http.later(events("?from=3"));
    tasks.log(task, 1);
    assertThat(third).isNotDone();
    tasks.log(task, 1);
    fail();
    assertThat(third.get().status()).isEqualTo(200);
    assertThat(third.get().body()).startsWith("id: 3\n").contains("id: 4\nevent: state\n");
  }

  @Test
  void waitingBeyondTheEndIs416WhenTheTaskEndsBefore() throws Exception {
    CompletableFuture<Answer> sse = http.later(events("?from=5"));
    CompletableFuture<Answer> afterEnd = http.later(events(""), "Last-Event-ID", "2");
    CompletableFuture<Answer> socket =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return http.upgrade("/tasks/" + task + "/stream?from=5");
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    fail();
    assertThat(sse.get().problem()).isEqualTo("event-out-of-range");
    assertThat(sse.get().json().path("last_event").asInt()).isEqualTo(2);
    assertThat(socket.get().status()).isEqualTo(416);
    assertThat(afterEnd.get().status()).isEqualTo(204);
  }

  @Test
  void reconnectGoesOnAfterTheLastEventHad() throws Exception {
    for (int i = 0; i < 5; i++) {
      tasks.log(task, 1);
    }
    fail();
    Answer rest = http.get(events("?from=1"), "Last-Event-ID", "4");
    assertThat(rest.header("content-type")).startsWith("text/event-stream");
    assertThat(rest.body()).startsWith("id: 5\nevent: log\ndata: {\"task\":\"" + task);
    assertThat(http.get(events(""), "Last-Event-ID", "7").status()).isEqualTo(204);
    assertThat(http.get(events(""), "Last-Event-ID", "8").status()).isEqualTo(416);
    assertThat(http.get(events(""), "Last-Event-ID", "").body()).startsWith("id: 1\n");
  }

  @Test
  void quietStreamIsKeptAliveByComments() throws Exception {
    try (Socket socket = open("GET " + events("") + " HTTP/1.1")) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertThat(in.lines().filter(line -> line.equals(": keep-alive")).limit(3).count())
          .isEqualTo(3);
    }
    Awaitility.await().until(() -> streams.openStreams() == 0);
  }

  @Test
  void streamOfAPurgedTaskEnds() throws Exception {
    CompletableFuture<Answer> reader = http.later(events(""));
    Frames socket = new Frames();
    http.socket("/tasks/" + task + "/stream", socket, List.of()).get();
    Awaitility.await().until(() -> streams.openStreams() == 2);
    tasks.expire(task);
    assertThat(reader.get().body()).startsWith("id: 1\n");
    assertThat(socket.closed.get()).isEqualTo(4410);
  }

  @Test
  void slowReaderIsToldToComeBack() throws Exception {
    SlowReader reader = new SlowReader();
    WebSocket socket = http.socket("/tasks/" + task + "/stream", reader, List.of()).get();
    for (int i = 0; i < 40; i++) {
      tasks.log(task, 1_000_000);
    }
    // The reader does not read: what the sockets between hold is full, and a send takes too long.
    Awaitility.await().until(() -> streams.slowReaders() == 1);
    socket.request(Long.MAX_VALUE);
    assertThat(reader.closed.get()).isEqualTo(1013);
    assertThat(reader.reason).startsWith("the reader is too slow; go on with from=");
    int next = Integer.parseInt(reader.reason.substring(reader.reason.indexOf('=') + 1));
    assertThat(reader.received.get()).isEqualTo(next - 1).isLessThan(41);
    fail();
    Frames rest = new Frames();
    http.socket("/tasks/" + task + "/stream?from=" + next, rest, List.of()).get();
    assertThat(rest.closed.get()).isEqualTo(1000);
    assertThat(rest.texts).hasSize(42 - next + 1);
  }

  @Test
  void streamsOfAStoppingServiceSayWhereToGoOn() throws Exception {
    tasks.log(task, 1);
    SlowReader reader = new SlowReader();
    http.socket("/tasks/" + task + "/stream", reader, List.of()).get().request(Long.MAX_VALUE);
    Awaitility.await().until(() -> reader.received.get() == 2);
    streams.stop();
    try {
      assertThat(reader.closed.get()).isEqualTo(1001);
      assertThat(reader.reason).isEqualTo("the service is stopping; go on with from=3");
      assertThat(http.upgrade("/tasks/" + task + "/stream").status()).isEqualTo(503);
    } finally {
      streams.start();
    }
    fail();
    Frames rest = new Frames();
    http.socket("/tasks/" + task + "/stream?from=3", rest, List.of()).get();
    assertThat(rest.closed.get()).isEqualTo(1000);
    assertThat(rest.texts).hasSize(1);
  }

  @Test
  void whatAClientSendsIsIgnored() throws Exception {
    Frames frames = new Frames();
    WebSocket socket = http.socket("/tasks/" + task + "/stream", frames, List.of()).get();
    socket.sendText("hello", true).get();
    fail();
    assertThat(frames.closed.get()).isEqualTo(1000);
    assertThat(frames.texts).hasSize(2);
  }

  @Test
  void headOfAStreamHasNoEvents() throws Exception {
    Answer head = http.send("HEAD", events(""), "");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("content-type")).startsWith("text/event-stream");
  }

  @Test
  void longPollAnswersWhenTheTaskEnds() throws Exception {
    CompletableFuture<Answer> poll = http.later("/tasks/" + task + "/result?wait=60s");
    tasks.run(task);
    tasks.log(task, 1);
    assertThat(poll).isNotDone();
    fail();
    assertThat(poll.get().problem()).isEqualTo("task-failed");
    assertThat(poll.get().json().path("error").path("pass").asString()).isEqualTo("SabreRouting");
  }

  private void fail() {
    tasks.fail(task, new TaskError(ErrorCode.PASS_FAILED, "broke", "SabreRouting", null, null));
  }

  private String events(String query) {
    return "/tasks/" + task + "/events" + query;
  }

  private Socket open(String request) throws java.io.IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket
        .getOutputStream()
        .write((request + "\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  /// Asks for nothing until the test does.
  private static final class SlowReader implements WebSocket.Listener {
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private volatile String reason = "";
    private final AtomicInteger received = new AtomicInteger();

    @Override
    public void onOpen(WebSocket socket) {}

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      received.addAndGet(last ? 1 : 0);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String why) {
      reason = why;
      closed.complete(code);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
