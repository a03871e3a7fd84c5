package io.quern.bqskit;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.bqskit.WireConnection.Pause;
import io.quern.bqskit.codec.FrameMemory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WireConnectionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final WireConnections connections = new WireConnections();
  private final List<String> heard = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();

  /// The frame after which nothing more is to be read.
  private String pauseAt = "";

  private SocketChannel peer;
  private WireConnection connection;

  @BeforeEach
  void connect() throws IOException {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (ServerSocketChannel port = ServerSocketChannel.open().bind(loopback)) {
      peer = SocketChannel.open(port.getLocalAddress());
      connection =
          new WireConnection(
              1, "peer", port.accept(), 1000, new FrameMemory(1000), 64, new Collector());
    }
    connections.add(connection);
  }

  @AfterEach
  void close() throws IOException {
    connections.close();
    peer.close();
  }

  private final class Collector implements WireConnection.Receiver {
    @Override
    public void received(WireConnection of, byte[] frame) {
      String text = new String(frame, StandardCharsets.UTF_8);
      heard.add(text);
      if (text.equals(pauseAt)) {
        of.pause(Pause.READING_FRAME);
      }
    }

    @Override
    public void closed(WireConnection of, String reason) {
      ends.add(reason);
    }
  }

  private void say(String... frames) throws IOException {
    for (String frame : frames) {
      byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
      peer.write(ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).flip());
    }
  }

  private void workUntilHeard(int frames) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (heard.size() < frames && ends.isEmpty() && System.nanoTime() < end) {
      connections.work(10_000_000, 1);
    }
  }

  @Test
  void whatCameBeforeAPauseIsReadBeforeWhatCameInIt() throws IOException {
    pauseAt = "one";
    say("one", "two", "three");
    workUntilHeard(1);
    say("four", "five");
    connections.work(10_000_000, 1);
    assertThat(heard).containsExactly("one");

    connections.resume(connection, Pause.READING_FRAME);
    workUntilHeard(5);

    assertThat(heard).containsExactly("one", "two", "three", "four", "five");
    assertThat(ends).isEmpty();
  }

  @Test
  void connectionThatIsPausedAgainWhileItCatchesUpGoesOnWhereItWas() throws IOException {
    pauseAt = "one";
    say("one", "two", "three");
    workUntilHeard(1);
    pauseAt = "two";
    connections.resume(connection, Pause.READING_FRAME);
    workUntilHeard(2);
    say("four");
    connections.work(10_000_000, 1);
    assertThat(heard).containsExactly("one", "two");

    connections.resume(connection, Pause.READING_FRAME);
    workUntilHeard(4);

    assertThat(heard).containsExactly("one", "two", "three", "four");
  }

  @Test
  void resumeForOneReasonDoesNotEndAPauseForAnother() throws IOException {
    pauseAt = "one";
    say("one", "two");
    workUntilHeard(1);
    connection.pause(Pause.CLUSTER_OUTPUT);
    connections.resume(connection, Pause.READING_FRAME);
    connections.work(10_000_000, 1);
    assertThat(heard).containsExactly("one");

    connections.resume(connection, Pause.CLUSTER_OUTPUT);
    workUntilHeard(2);

    assertThat(heard).containsExactly("one", "two");
  }
}
