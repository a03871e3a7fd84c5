package io.quern.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.link.Link;
import io.quern.protocol.IdBlock;
import io.quern.protocol.Message;
import io.quern.protocol.NodeReport;
import io.quern.protocol.encoding.FunctionRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The shell of a manager without a slot of its own, between a boss and a node that are made up.
class ManagerLoopTest {
  private static final NodeReport NODE = NodeReport.joined("node", "", "1", List.of(), 0);

  private final Ends boss = new Ends();
  private final ManagerLoop loop =
      ManagerLoop.start(
          "test-manager",
          new ManagerLoop.Self("self", "1", false, List.of("gpu")),
          0,
          boss,
          FunctionRegistry.of(List.of()),
          InstantSource.system(),
          Duration.ofMinutes(1),
          () -> {});

  @AfterEach
  void end() {
    loop.close();
  }

  /// One end of a link: what was sent to it, and its receiver.
  private static final class Ends implements Link {
    private final List<Message> sent = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
    private volatile @Nullable Receiver receiver;

    private Receiver receiver() {
      return Objects.requireNonNull(receiver);
    }

    private NodeReport lastReport() {
      @Nullable NodeReport last = null;
      for (Message each : sent) {
        if (each instanceof Message.Roster(NodeReport node)) {
          last = node;
        }
      }
      if (last == null) {
        throw new AssertionError("nothing was reported yet");
      }
      return last;
    }

    @Override
    public void receive(Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public void send(Message message) {
      sent.add(message);
    }

    @Override
    public void close() {
      closed.complete(true);
    }

    @Override
    public boolean mayReturn() {
      return true;
    }
  }

  private void awaitReport(int below, int slots) {
    Awaitility.await()
        .untilAsserted(
            () -> {
              NodeReport last = boss.lastReport();
              assertThat(last.below()).hasSize(below);
              assertThat(last.totalSlots()).isEqualTo(slots);
              assertThat(last.slots()).isZero();
            });
  }

  @Test
  void slotsOfANodeWhoseLinkIsBrokenAreNotTakenForItsOwn() {
    boss.receiver().received(new Message.Connect(IdBlock.of(1, 1)));
    Ends node = new Ends();
    loop.join(node, NODE);
    Awaitility.await()
        .until(() -> node.sent.stream().anyMatch(each -> each instanceof Message.Connect));
    node.receiver().received(new Message.Started(3));
    awaitReport(1, 3);
    node.receiver().closed();
    awaitReport(0, 0);
  }

  @Test
  void whoJoinsAManagerThatHasEndedIsNotLeftWaiting() {
    loop.close();
    Ends node = new Ends();
    loop.join(node, NODE);
    assertThat(node.closed).isCompleted();
    Ends again = new Ends();
    loop.returnTo(again);
    assertThat(again.closed).isCompleted();
  }
}
