package io.quern.link;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.quern.protocol.encoding.Hello;
import io.quern.protocol.encoding.MalformedFrameException;
import io.quern.protocol.encoding.OtherProtocolException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Keeps one link to an address: dials, waits until the link ends, and dials again, for ever.
/// Pauses grow to a second and are drawn at random, so that many who lost the same peer do not all
/// come back at once.
public final class Dialler implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Dialler.class.getName());
  static final String NOT_DIALLED = "not dialled yet";

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /// How long an address may take to answer.
  private static final Duration HELLO = Duration.ofSeconds(5);

  private static final int WINDOW = 8 << 20;

  private final LinkContext context;
  private final String host;
  private final int port;
  private final boolean isBoss;
  private final Consumer<GrpcLink> links;
  private final Runnable whenChanged;
  private final Thread thread;
  private volatile boolean isClosed;
  private volatile String state = NOT_DIALLED;
  private volatile boolean isConnected;

  /// @param isBoss whether this side hands out work
  /// @param links takes each new link, on a thread of the dialler's; must return at once
  /// @param whenChanged runs when a link is there and when it is gone; must return at once
  private Dialler(
      LinkContext context,
      String host,
      int port,
      boolean isBoss,
      Consumer<GrpcLink> links,
      Runnable whenChanged) {
    this.whenChanged = whenChanged;
    this.context = context;
    this.host = host;
    this.port = port;
    this.isBoss = isBoss;
    this.links = links;
    thread = Thread.ofVirtual().name("quern-dial-" + host + ":" + port).unstarted(this::run);
  }

  /// Begins to dial `host:port`.
  ///
  /// @throws IllegalArgumentException if it is no such address
  public static Dialler start(
      LinkContext context, String address, boolean isBoss, Consumer<GrpcLink> links) {
    return start(context, address, isBoss, links, () -> {});
  }

  /// As the other one; hears too when a link is there and when it is gone.
  public static Dialler start(
      LinkContext context,
      String address,
      boolean isBoss,
      Consumer<GrpcLink> links,
      Runnable whenChanged) {
    String checked = checked(address);
    int colon = checked.lastIndexOf(':');
    String port = checked.substring(colon + 1);
    String host = checked.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
    Dialler dialler =
        new Dialler(context, host, Integer.parseInt(port), isBoss, links, whenChanged);
    dialler.thread.start();
    return dialler;
  }

  /// The address as [#address] gives it.
  ///
  /// @throws IllegalArgumentException if it is no `host:port`
  public static String checked(String address) {
    String text = address.strip();
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
    String port = text.substring(colon + 1);
    boolean isPort = port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= 65_535;
    boolean isHost = host.matches("[a-z0-9._-]{1,255}") || host.matches("\\[[0-9a-f:.%]{2,64}]");
    if (!isPort || Integer.parseInt(port) == 0 || !isHost) {
      throw new IllegalArgumentException("expected HOST:PORT, found '" + address + "'");
    }
    return host + ":" + Integer.parseInt(port);
  }

  /// `host:port` as it is dialled.
  public String address() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  public boolean isConnected() {
    return isConnected;
  }

  /// What there is to say of the link: `connected`, or why not.
  public String state() {
    return state;
  }

  @Override
  public void close() {
    isClosed = true;
    thread.interrupt();
  }

  private void run() {
    long pause = FIRST_PAUSE.toMillis();
    while (!isClosed) {
      Attempt attempt = new Attempt();
      try {
        attempt.dial();
        boolean isOver = attempt.over.await(HELLO.toMillis(), TimeUnit.MILLISECONDS);
        if (!isOver && attempt.link != null) {
          attempt.over.await();
        }
      } catch (InterruptedException e) {
        attempt.abandon();
        return;
      } catch (SSLException | RuntimeException e) {
        attempt.failure = String.valueOf(e.getMessage());
      } finally {
        isConnected = false;
        attempt.hangUp();
        whenChanged.run();
      }
      boolean wasConnected = attempt.link != null;
      String now = wasConnected ? "the link has ended" : attempt.failure;
      if (!now.equals(state)) {
        LOG.log(
            wasConnected ? Level.WARNING : Level.INFO,
            "{0}: {1}; dialling again until it answers",
            address(),
            now);
      }
      state = now;
      pause = wasConnected ? FIRST_PAUSE.toMillis() : Math.min(2 * pause, LONGEST_PAUSE.toMillis());
      try {
        Thread.sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /// One call, and the link it becomes.
  private final class Attempt extends ClientCall.Listener<byte[]> implements GrpcLink.Stream {
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable GrpcLink link;
    private volatile @Nullable ManagedChannel channel;
    private volatile @Nullable ClientCall<byte[], byte[]> call;
    private volatile String failure = "no answer";
    private boolean hasEnded;

    private void dial() throws SSLException {
      NettyChannelBuilder builder =
          NettyChannelBuilder.forAddress(host, port)
              .directExecutor()
              .maxInboundMessageSize(context.settings().maxFrame() + 1_024)
              .initialFlowControlWindow(WINDOW)
              .disableRetry();
      LinkSecurity security = context.security();
      if (security.isTls()) {
        SslContextBuilder ssl = SslContextBuilder.forClient().trustManager(security.trust());
        if (security.keys() != null) {
          ssl.keyManager(security.keys());
        }
        builder.sslContext(GrpcSslContexts.configure(ssl).build());
      } else {
        builder.usePlaintext();
      }
      ManagedChannel opened = builder.build();
      channel = opened;
      ClientCall<byte[], byte[]> made = opened.newCall(Wire.CONNECT, CallOptions.DEFAULT);
      call = made;
      Metadata headers = new Metadata();
      if (security.joinToken() != null) {
        headers.put(Wire.AUTHORIZATION, LinkSecurity.header(security.joinToken()));
      }
      made.start(this, headers);
      made.request(1);
      made.sendMessage(context.hello(isBoss).toFrame());
    }

    /// Closes the link there is, and gives what was sent before the time to leave.
    private void abandon() {
      GrpcLink open = link;
      if (open == null) {
        return;
      }
      open.close();
      try {
        boolean isOver = over.await(Wire.GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        if (!isOver) {
          LOG.log(Level.DEBUG, "{0} does not take the end of its link", address());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void hangUp() {
      end(false, "the dialler hangs up");
      ManagedChannel opened = channel;
      if (opened != null) {
        opened.shutdownNow();
      }
    }

    @Override
    public void onMessage(byte[] frame) {
      GrpcLink open = link;
      if (open != null) {
        open.frame(frame);
        return;
      }
      Hello hello;
      try {
        hello = Hello.fromFrame(frame);
      } catch (OtherProtocolException e) {
        fail(RefusalReason.VERSION, String.valueOf(e.getMessage()));
        return;
      } catch (MalformedFrameException e) {
        fail(RefusalReason.GARBAGE, String.valueOf(e.getMessage()));
        return;
      }
      String mismatch = context.mismatch(hello);
      if (mismatch != null) {
        fail(RefusalReason.VERSION, mismatch);
      } else if (hello.isBoss() == isBoss) {
        fail(RefusalReason.ROLE, hello.name() + (isBoss ? " is a boss too" : " is no boss"));
      } else {
        GrpcLink made = context.link(hello.name() + "@" + address(), hello, this);
        link = made;
        isConnected = true;
        state = "connected to " + hello.name();
        LOG.log(Level.INFO, "{0}: connected to {1}", address(), hello.name());
        whenChanged.run();
        links.accept(made);
      }
    }

    private void fail(RefusalReason reason, String why) {
      context.refusals().add(reason);
      failure = why;
      end(false, why);
      over.countDown();
    }

    @Override
    public void onReady() {
      GrpcLink open = link;
      if (open != null) {
        open.ready();
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      GrpcLink open = link;
      if (open != null) {
        open.ended(status.toString());
      } else {
        failure = text(status);
      }
      over.countDown();
    }

    private static String text(Status status) {
      Throwable cause = status.getCause();
      String what = status.getDescription();
      // What follows in further lines is about Netty's insides.
      String text =
          what == null || what.isBlank()
              ? status.getCode().toString()
              : what.strip().lines().findFirst().orElse("");
      return cause == null || cause.getMessage() == null ? text : text + ": " + cause.getMessage();
    }

    @Override
    public boolean isReady() {
      ClientCall<byte[], byte[]> open = call;
      return open != null && open.isReady();
    }

    @Override
    public void send(byte[] frame) {
      ClientCall<byte[], byte[]> open = call;
      synchronized (this) {
        if (!hasEnded && open != null) {
          open.sendMessage(frame);
        }
      }
    }

    @Override
    public void request(int frames) {
      ClientCall<byte[], byte[]> open = call;
      if (open != null) {
        open.request(frames);
      }
    }

    @Override
    public void end(boolean isOrderly, String why) {
      ClientCall<byte[], byte[]> open = call;
      synchronized (this) {
        if (hasEnded || open == null) {
          return;
        }
        hasEnded = true;
        if (isOrderly) {
          open.halfClose();
        } else {
          open.cancel(why, null);
        }
      }
    }
  }
}
