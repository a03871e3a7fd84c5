package io.quern.bqskit;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.bqskit.codec.WireCodec;
import io.quern.bqskit.pickle.PickleLimits;
import io.quern.bqskit.pickle.Recorded;
import io.quern.task.RecordWriter;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore;
import io.quern.task.TaskStore.Outcome;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/// Clients that mean ill cost themselves their connections; others are answered at once meanwhile.
class HostileClientsTest {
  /// On an idle machine an answer takes less than a millisecond.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// Many more than find room in the buffers of two sockets and of the server.
  private static final int MOST_QUESTIONS = 1_000_000;

  private final List<Socket> sockets = new ArrayList<>();

  /// Connections full of nonsense.
  private final List<Socket> lies = new CopyOnWriteArrayList<>();

  private BqskitLoop loop;
  private ClientListener listener;

  @BeforeEach
  void start() throws IOException {
    BqskitServer core =
        new BqskitServer(
            new BqskitServer.Settings(
                "default",
                1,
                1000,
                Duration.ofHours(1),
                Duration.ofMillis(500),
                2,
                1 << 20,
                1 << 20,
                ImportPaths.parse("all"),
                7),
            new PlainPython(),
            () -> new TaskId(UUID.randomUUID()));
    WireCodec codec = new WireCodec(new PickleLimits(64 << 20, 200));
    loop =
        new BqskitLoop(
            core,
            emptyStore(),
            "default",
            new FullWriter(),
            InstantSource.system(),
            codec,
            codec,
            1 << 22);
    loop.start();
    listener =
        new ClientListener(
            loop.clients(),
            new BqskitProperties(
                0,
                "127.0.0.1",
                List.of(),
                "default",
                Duration.ofHours(1),
                "all",
                DataSize.ofMegabytes(64),
                DataSize.ofMegabytes(64),
                2,
                DataSize.ofMegabytes(1),
                DataSize.ofMegabytes(1),
                DataSize.ofMegabytes(4),
                Duration.ofSeconds(10)));
  }

  /// A writer that never has room.
  private static final class FullWriter implements RecordWriter {
    @Override
    public boolean offer(List<TaskRecord> records, Consumer<List<Outcome>> whenCommitted) {
      return false;
    }

    @Override
    public void announce(TaskId task, long number) {}
  }

  /// It knows no task.
  private static TaskStore emptyStore() {
    return (TaskStore)
        Proxy.newProxyInstance(
            TaskStore.class.getClassLoader(),
            new Class<?>[] {TaskStore.class},
            (proxy, method, arguments) -> null);
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    for (Socket socket : lies) {
      socket.close();
    }
    listener.close();
    loop.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    sockets.add(socket);
    return socket;
  }

  private static byte[] frame(String recorded) {
    byte[] pickle = Objects.requireNonNull(Recorded.pickles().get(recorded));
    return ByteBuffer.allocate(4 + pickle.length).putInt(pickle.length).put(pickle).array();
  }

  /// Asks for a task nobody knows, and reads the answer.
  private static void ask(Socket client) throws IOException {
    client.getOutputStream().write(frame("client-request.5"));
    DataInputStream in = new DataInputStream(client.getInputStream());
    assertThat(in.readNBytes(in.readInt()))
        .asString(StandardCharsets.ISO_8859_1)
        .contains("Unknown");
  }

  @Test
  void hundredsOfConnectionsFullOfNonsenseSlowNobodyDownAndAreEnded() throws Exception {
    Socket honest = connect();
    ask(honest);
    Thread liars =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 300; i++) {
                    lie(i);
                  }
                });
    while (liars.isAlive()) {
      ask(honest);
    }
    assertThat(lies).hasSize(300);
    for (Socket lie : lies) {
      assertThat(endOf(lie)).as("nothing was said to it").isNegative();
    }
    Socket another = connect();
    ask(another);
  }

  /// Says nothing more and reads the end; a connection that is reset has ended too.
  private static int endOf(Socket socket) throws IOException {
    try {
      socket.shutdownOutput();
      return socket.getInputStream().read();
    } catch (SocketException _) {
      return -1;
    }
  }

  private void lie(int number) {
    byte[] lie =
        switch (number % 4) {
          case 0 -> "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
          case 1 -> new byte[] {0x03, 0, 0, 0, 1};
          case 2 -> new byte[] {0, 0, 0, 3, (byte) 0x80, 4, 'N'};
          default -> new byte[] {0, 0, 0};
        };
    try {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
      socket.setSoTimeout((int) PATIENCE.toMillis());
      lies.add(socket);
      socket.getOutputStream().write(lie);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void clientThatReadsNothingIsNotHeardAnyMore() throws Exception {
    Socket honest = connect();
    Socket deaf = connect();
    byte[] question = frame("client-request.5");
    AtomicInteger asked = new AtomicInteger();
    Thread asking =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    OutputStream out = deaf.getOutputStream();
                    while (asked.get() < MOST_QUESTIONS) {
                      out.write(question);
                      asked.incrementAndGet();
                    }
                  } catch (IOException _) {
                    // Closed at the end of the test: it was blocked until then.
                  }
                });
    int before;
    do {
      before = asked.get();
      for (int i = 0; i < 200; i++) {
        ask(honest);
      }
    } while (asked.get() > before);
    deaf.close();
    asking.join();
    assertThat(asked.get()).as("it was blocked").isLessThan(MOST_QUESTIONS);
    ask(honest);
  }
}
