package io.quern.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.failure.ErrorCode;
import io.quern.protocol.Breadcrumbs;
import io.quern.protocol.CompilationContext;
import io.quern.protocol.EncodedValue;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.protocol.encoding.Hello;
import io.quern.task.TaskId;
import io.quern.testing.OpenDoor;
import io.quern.testing.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Real links over TCP within this process: who gets in, what arrives, what becomes of peers that
/// do not keep to the protocol.
class GrpcLinkTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final LinkSettings SETTINGS =
      new LinkSettings(Duration.ofMillis(100), Duration.ofSeconds(30), 4_096, 100_000, 100_000);

  private static final class Echo implements RuntimeFunction<String, String> {
    @Override
    public String name() {
      return "echo";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public String run(String text, RuntimeHandle runtime) {
      return text;
    }
  }

  private static final Echo ECHO = new Echo();

  /// One end of a link and what it has heard.
  private static final class End implements Link.Receiver {
    private final GrpcLink link;
    private final BlockingQueue<Message> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private End(GrpcLink link) {
      this.link = link;
      link.receive(this);
    }

    @Override
    public void received(Message message) {
      heard.add(message);
    }

    @Override
    public void closed() {
      closed.complete(null);
    }

    private Message next() throws InterruptedException {
      Message message = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("nothing was heard");
      }
      return message;
    }

    private void awaitClosed() {
      closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
  }

  private final BlockingQueue<End> ends = new LinkedBlockingQueue<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private static LinkContext context(LinkSecurity security, LinkSettings settings) {
    return context(security, settings, "1");
  }

  private static LinkContext context(
      LinkSecurity security, LinkSettings settings, String engineVersion) {
    return new LinkContext(
        "test", engineVersion, FunctionRegistry.of(List.of(ECHO)), settings, security, List.of());
  }

  private LinkServer serve(LinkContext context) throws IOException {
    LinkServer server =
        LinkServer.start(
            context,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new LinkServer.Acceptor() {
              @Override
              public @Nullable String refusal(Hello peer) {
                return peer.isBoss() ? "no bosses here" : null;
              }

              @Override
              public void accept(GrpcLink link) {
                ends.add(new End(link));
              }
            });
    open.add(server);
    return server;
  }

  private Dialler dial(LinkContext context, int port, Consumer<GrpcLink> links) {
    Dialler dialler = Dialler.start(context, "localhost:" + port, false, links);
    open.add(dialler);
    return dialler;
  }

  private static void awaitState(Dialler dialler, String part) {
    await("a state with '" + part + "'")
        .atMost(PATIENCE)
        .until(dialler::state, state -> state.contains(part));
  }

  private End accepted() throws InterruptedException {
    End end = ends.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (end == null) {
      throw new AssertionError("nobody joined");
    }
    return end;
  }

  /// Both ends of a new link, the boss's first.
  private List<End> join(LinkContext boss, LinkContext employee) throws Exception {
    LinkServer server = serve(boss);
    CompletableFuture<End> mine = new CompletableFuture<>();
    dial(employee, server.port(), link -> mine.complete(new End(link)));
    return List.of(accepted(), mine.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
  }

  private static LinkSecurity token(@Nullable String token) {
    return new LinkSecurity(null, null, false, false, token);
  }

  private static RuntimeTask task(int slot, String argument) {
    RuntimeTaskId root = new RuntimeTaskId(new RuntimeAddress(RuntimeAddress.SERVER, 1, 0), 1);
    return new RuntimeTask(
        new RuntimeTaskId(new RuntimeAddress(7, 1, slot), 1),
        Breadcrumbs.NONE.then(root),
        new CompilationContext(
            new TaskId(new UUID(0x7000, 1)), root, "alice", LogLevel.INFO, -1, null),
        ECHO,
        argument);
  }

  @Test
  void messagesArriveInOrderBothWays() throws Exception {
    LinkContext context = context(token("secret"), SETTINGS);
    List<End> link = join(context, context);
    for (int i = 0; i < 20_000; i++) {
      link.getFirst().link.send(new Message.Ack(i));
      link.getLast().link.send(new Message.Credit(i));
    }
    for (int i = 0; i < 20_000; i++) {
      assertThat(link.getLast().next()).isEqualTo(new Message.Ack(i));
      assertThat(link.getFirst().next()).isEqualTo(new Message.Credit(i));
    }
    link.getFirst().link.send(new Message.Submit(task(0, "x".repeat(50_000))));
    assertThat(link.getLast().next())
        .as("more than a frame holds")
        .isInstanceOfSatisfying(
            Message.Submit.class,
            submit ->
                assertThat(EncodedValue.decoded(submit.task().argument()))
                    .isEqualTo("x".repeat(50_000)));
  }

  @Test
  void whatWasSentBeforeACloseArrivesAndBothEndsHearOfIt() throws Exception {
    LinkContext context = context(LinkSecurity.NONE, SETTINGS);
    List<End> link = join(context, context);
    for (int i = 0; i < 1_000; i++) {
      link.getLast().link.send(new Message.Ack(i));
    }
    link.getLast().link.close();
    link.getFirst().awaitClosed();
    link.getLast().awaitClosed();
    assertThat(link.getFirst().heard).hasSize(1_000);
  }

  @Test
  void whatWasSentBeforeItsDiallerIsClosedArrives() throws Exception {
    LinkContext context = context(LinkSecurity.NONE, SETTINGS);
    LinkServer server = serve(context);
    CompletableFuture<End> mine = new CompletableFuture<>();
    Dialler dialler = dial(context, server.port(), link -> mine.complete(new End(link)));
    End boss = accepted();
    End employee = mine.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    for (int i = 0; i < 1_000; i++) {
      employee.link.send(new Message.Ack(i));
    }
    dialler.close();
    boss.awaitClosed();
    assertThat(boss.heard).hasSize(1_000);
  }

  @Test
  void whatWasSentBeforeItsPortIsClosedArrives() throws Exception {
    LinkContext context = context(LinkSecurity.NONE, SETTINGS);
    LinkServer server = serve(context);
    CompletableFuture<End> mine = new CompletableFuture<>();
    dial(context, server.port(), link -> mine.complete(new End(link)));
    End boss = accepted();
    End employee = mine.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    for (int i = 0; i < 1_000; i++) {
      boss.link.send(new Message.Ack(i));
    }
    server.close();
    employee.awaitClosed();
    boss.awaitClosed();
    assertThat(employee.heard).hasSize(1_000);
  }

  @Test
  void valueBeyondTheLimitFailsItsTaskAndNothingElse() throws Exception {
    LinkContext context = context(LinkSecurity.NONE, SETTINGS);
    List<End> link = join(context, context);
    String large = "x".repeat(SETTINGS.maxPayload() + 1);
    link.getFirst()
        .link
        .send(new Message.SubmitBatch(List.of(task(0, "small"), task(1, large), task(2, "small"))));
    assertThat(link.getLast().next()).isInstanceOf(Message.Submit.class);
    assertThat(link.getLast().next()).isInstanceOf(Message.Submit.class);
    assertThat(link.getFirst().next())
        .as("the submitter is told")
        .isInstanceOfSatisfying(
            Message.Error.class,
            error -> {
              assertThat(error.task()).isEqualTo(task(1, "").id());
              assertThat(error.failure().code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
              assertThat(error.failure().message()).contains("100000");
            });
    link.getLast().link.send(new Message.Result(task(0, "").id(), 1, ECHO, large, 1));
    assertThat(link.getFirst().next())
        .as("the failure comes in the result's place")
        .isInstanceOf(Message.Error.class);
  }

  @Test
  void joinTokensAreAskedFor() throws Exception {
    LinkContext boss = context(token("right"), SETTINGS);
    LinkServer server = serve(boss);
    for (String wrong : new String[] {null, "wrong"}) {
      Dialler dialler = dial(context(token(wrong), SETTINGS), server.port(), link -> new End(link));
      awaitState(dialler, "join token");
      dialler.close();
    }
    assertThat(boss.refusals().of(RefusalReason.TOKEN)).isGreaterThanOrEqualTo(2);
    assertThat(ends).isEmpty();
    dial(context(token("right"), SETTINGS), server.port(), link -> new End(link));
    accepted();
  }

  @Test
  void withoutAJoinTokenThePortIsForThisMachine() {
    assertThatThrownBy(
            () ->
                LinkServer.start(
                    context(LinkSecurity.NONE, SETTINGS),
                    new InetSocketAddress("0.0.0.0", 0),
                    new OpenDoor(_ -> {})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("join token");
  }

  @Test
  void otherVersionsAndOtherBossesAreTurnedAway() throws Exception {
    LinkContext boss = context(LinkSecurity.NONE, SETTINGS);
    LinkServer server = serve(boss);
    Dialler old =
        dial(context(LinkSecurity.NONE, SETTINGS, "0"), server.port(), link -> new End(link));
    awaitState(old, "expected engine 1");
    long refused = boss.refusals().of(RefusalReason.VERSION);
    assertThat(refused).isPositive();
    old.close();
    byte[] ofTheFuture = boss.hello(false).toFrame();
    ofTheFuture[indexOfProtocol(ofTheFuture)] = 2;
    Status answer = statusOf(server.port(), ofTheFuture);
    assertThat(answer.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(answer.getDescription()).isEqualTo("expected protocol 1, the other side speaks 2");
    assertThat(boss.refusals().of(RefusalReason.VERSION)).isGreaterThan(refused);
    assertThat(boss.refusals().of(RefusalReason.GARBAGE)).isZero();
    Dialler rival = Dialler.start(boss, "localhost:" + server.port(), true, link -> new End(link));
    open.add(rival);
    awaitState(rival, "no bosses here");
    assertThat(ends).isEmpty();
  }

  /// Where in a hello the version of the protocol stands, its first field.
  private static int indexOfProtocol(byte[] hello) {
    int at = 1;
    while (hello[at] != 1 << 3) {
      at++;
    }
    return at + 1;
  }

  @Test
  void garbageIsCutOffAndTheOthersGoOn() throws Exception {
    LinkContext boss = context(LinkSecurity.NONE, SETTINGS);
    LinkServer server = serve(boss);
    CompletableFuture<End> mine = new CompletableFuture<>();
    dial(context(LinkSecurity.NONE, SETTINGS), server.port(), link -> mine.complete(new End(link)));
    End good = accepted();
    byte[] hello = boss.hello(false).toFrame();
    assertThat(statusOf(server.port(), new byte[] {1, 2, 3}).getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(statusOf(server.port(), hello, new byte[] {-1, -1, -1}).getCode())
        .isEqualTo(Status.Code.ABORTED);
    assertThat(statusOf(server.port(), hello, hello).getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(statusOf(server.port(), new byte[20_000]).getCode())
        .as("a frame larger than allowed")
        .isNotEqualTo(Status.Code.OK);
    try (Socket socket = new Socket("localhost", server.port())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThatCode(() -> socket.getInputStream().readAllBytes())
          .as("reading until the server ends the connection")
          .doesNotThrowAnyException();
    }
    assertThat(boss.refusals().of(RefusalReason.GARBAGE)).isEqualTo(3);
    good.link.send(new Message.Ack(5));
    assertThat(mine.join().next()).isEqualTo(new Message.Ack(5));
  }

  /// Sends frames over a call of its own and says how the other side ended it.
  private Status statusOf(int port, byte[]... frames) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    open.add(channel::shutdownNow);
    CompletableFuture<Status> status = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call = channel.newCall(Wire.CONNECT, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status ended, Metadata trailers) {
            status.complete(ended);
          }
        },
        new Metadata());
    call.request(100);
    for (byte[] frame : frames) {
      call.sendMessage(frame);
    }
    return status.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Test
  void peerThatFallsSilentCountsAsGoneAndIsDialledAgain() throws Exception {
    LinkSettings quick =
        new LinkSettings(Duration.ofMillis(100), Duration.ofSeconds(2), 4_096, 100_000, 1_000);
    LinkContext boss = context(LinkSecurity.NONE, quick);
    LinkServer server = serve(boss);
    try (TcpProxy proxy = TcpProxy.to(server.port())) {
      dial(context(LinkSecurity.NONE, quick), proxy.port(), End::new);
      End first = accepted();
      proxy.cut();
      first.awaitClosed();
      assertThat(boss.refusals().of(RefusalReason.DEAD)).isPositive();
      proxy.mend();
      accepted();
    }
  }

  @Test
  void peerIsNotTakenForGoneForTimeInWhichThisSideStoodStill() throws Exception {
    LinkContext context = context(LinkSecurity.NONE, SETTINGS);
    End boss = join(context, context).getFirst();
    long dead = SETTINGS.dead().toNanos();
    long later = System.nanoTime() + 2 * dead;
    boss.link.tick(later, 2 * dead);
    assertThat(boss.closed).as("closed").isNotDone();
    boss.link.tick(later + 2 * dead, 0);
    boss.awaitClosed();
    assertThat(context.refusals().of(RefusalReason.DEAD)).isEqualTo(1);
  }

  @Test
  void linkThatBreaksTellsHowLongItsOtherEndWasSilent() throws Exception {
    LinkSettings impatient =
        new LinkSettings(Duration.ofMillis(100), Duration.ofSeconds(3), 4_096, 100_000, 1_000);
    LinkServer server = serve(context(LinkSecurity.NONE, SETTINGS));
    CompletableFuture<End> mine = new CompletableFuture<>();
    try (TcpProxy wire = TcpProxy.to(server.port())) {
      dial(
          context(LinkSecurity.NONE, impatient), wire.port(), link -> mine.complete(new End(link)));
      End boss = accepted();
      End impatientEnd = mine.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
      wire.cut();
      impatientEnd.awaitClosed();
      wire.mend();
      boss.awaitClosed();
      assertThat(boss.link.mayReturn()).as("it is not silence that ended it here").isTrue();
      assertThat(boss.link.silence()).isGreaterThan(Duration.ofMillis(500));
    }
  }
}
