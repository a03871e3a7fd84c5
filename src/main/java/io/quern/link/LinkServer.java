package io.quern.link;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.quern.protocol.encoding.Hello;
import io.quern.protocol.encoding.MalformedFrameException;
import io.quern.protocol.encoding.OtherProtocolException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// The port on which other nodes join.
public final class LinkServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(LinkServer.class.getName());
  private static final long HELLO_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int WINDOW = 8 << 20;

  /// Decides about who wants to join.
  public interface Acceptor {
    /// Why a peer that says so of itself is not wanted now; null if it is. This side takes the
    /// other role.
    @Nullable String refusal(Hello peer);

    /// Takes a new link; must return at once.
    void accept(GrpcLink link);
  }

  private final LinkContext context;
  private final Acceptor acceptor;
  private final Server server;

  /// Links that have not ended.
  private final Set<GrpcLink> joined = ConcurrentHashMap.newKeySet();

  private LinkServer(LinkContext context, InetSocketAddress address, Acceptor acceptor)
      throws IOException {
    this.context = context;
    this.acceptor = acceptor;
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .directExecutor()
            .maxInboundMessageSize(context.settings().maxFrame() + 1_024)
            .maxInboundMetadataSize(8 << 10)
            .initialFlowControlWindow(WINDOW)
            .permitKeepAliveWithoutCalls(false)
            .addService(
                ServerServiceDefinition.builder(Wire.SERVICE)
                    .addMethod(Wire.CONNECT, this::startCall)
                    .build());
    LinkSecurity security = context.security();
    if (security.isTls()) {
      builder.sslContext(sslContext(security, context.refusals()));
    }
    server = builder.build().start();
  }

  /// Opens the port.
  ///
  /// @param address beyond loopback only with a join token
  /// @throws IOException if it cannot be opened
  public static LinkServer start(LinkContext context, InetSocketAddress address, Acceptor acceptor)
      throws IOException {
    if (context.security().joinToken() == null && !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "without a join token only this machine may join; "
              + address
              + " is reachable by others");
    }
    return new LinkServer(context, address, acceptor);
  }

  /// A certificate is asked for and not required, so that whoever has none can be told.
  private static SslContext sslContext(LinkSecurity security, RefusalCounts refusals)
      throws SSLException {
    KeyManagerFactory keys = security.keys();
    if (keys == null) {
      throw new IllegalArgumentException("a port with TLS needs a certificate and its key");
    }
    SslContextBuilder builder = SslContextBuilder.forServer(keys);
    if (security.needsClientCertificate()) {
      builder
          .trustManager(CountingTrustManager.of(security.trust(), refusals))
          .clientAuth(ClientAuth.OPTIONAL);
    }
    return GrpcSslContexts.configure(builder).build();
  }

  /// `host:port` at which it listens.
  public String address() {
    for (SocketAddress each : server.getListenSockets()) {
      if (each instanceof InetSocketAddress inet) {
        String host = inet.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
      }
    }
    return "port " + port();
  }

  /// The port that was opened.
  public int port() {
    return server.getPort();
  }

  /// Closes the port and every link made here, and gives what was sent before the time to leave.
  @Override
  public void close() {
    server.shutdown();
    joined.forEach(GrpcLink::close);
    try {
      if (!server.awaitTermination(Wire.GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.DEBUG, "not everybody takes the end of their link");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.shutdownNow();
  }

  private ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
    SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    String where = remote == null ? "unknown" : remote.toString().replaceFirst("^/", "");
    if (context.security().needsClientCertificate() && !hasCertificate(call)) {
      context.refusals().add(RefusalReason.CERTIFICATE);
      LOG.log(Level.WARNING, "{0} was turned away: no certificate", where);
      call.close(
          Status.UNAUTHENTICATED.withDescription("a client certificate is missing"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    if (!context.security().admits(headers.get(Wire.AUTHORIZATION))) {
      context.refusals().add(RefusalReason.TOKEN);
      LOG.log(Level.WARNING, "{0} was turned away: no join token, or a wrong one", where);
      call.close(
          Status.UNAUTHENTICATED.withDescription("the join token is missing or wrong"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    Joining joining = new Joining(call, where);
    Heartbeats.SHARED.add(joining);
    call.sendHeaders(new Metadata());
    call.request(1);
    return joining;
  }

  /// Whether the caller has shown one; it is trusted then.
  private static boolean hasCertificate(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    try {
      return session != null && session.getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  /// A caller, before and after its hello.
  private final class Joining extends ServerCall.Listener<byte[]>
      implements GrpcLink.Stream, Heartbeats.Watched {
    private final ServerCall<byte[], byte[]> call;
    private final String where;
    private final long since = System.nanoTime();
    private volatile @Nullable GrpcLink link;
    private boolean hasEnded;

    private Joining(ServerCall<byte[], byte[]> call, String where) {
      this.call = call;
      this.where = where;
    }

    @Override
    public void tick(long nanoTime, long grantedNanos) {
      if (nanoTime - since > HELLO_NANOS && link == null) {
        turnAway(RefusalReason.SILENT_HELLO, Status.DEADLINE_EXCEEDED, "no hello came");
      }
    }

    private void turnAway(@Nullable RefusalReason reason, Status status, String why) {
      Heartbeats.SHARED.remove(this);
      if (reason != null) {
        context.refusals().add(reason);
        LOG.log(Level.WARNING, "{0} was turned away: {1}", where, why);
      }
      close(status.withDescription(why));
    }

    private void close(Status status) {
      synchronized (this) {
        if (!hasEnded) {
          hasEnded = true;
          call.close(status, new Metadata());
        }
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
        turnAway(RefusalReason.VERSION, Status.FAILED_PRECONDITION, String.valueOf(e.getMessage()));
        return;
      } catch (MalformedFrameException e) {
        turnAway(RefusalReason.GARBAGE, Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
        return;
      }
      String mismatch = context.mismatch(hello);
      if (mismatch != null) {
        turnAway(RefusalReason.VERSION, Status.FAILED_PRECONDITION, mismatch);
        return;
      }
      String refusal = acceptor.refusal(hello);
      if (refusal != null) {
        turnAway(null, Status.UNAVAILABLE, refusal);
        return;
      }
      Heartbeats.SHARED.remove(this);
      call.sendMessage(context.hello(!hello.isBoss()).toFrame());
      GrpcLink made = context.link(hello.name() + "@" + where, hello, this);
      link = made;
      joined.add(made);
      acceptor.accept(made);
    }

    @Override
    public void onReady() {
      GrpcLink open = link;
      if (open != null) {
        open.ready();
      }
    }

    @Override
    public void onHalfClose() {
      over("the other side has closed");
    }

    @Override
    public void onCancel() {
      over("the connection is gone");
    }

    /// After this side has ended the call.
    @Override
    public void onComplete() {
      GrpcLink open = link;
      if (open != null) {
        joined.remove(open);
      }
    }

    private void over(String why) {
      Heartbeats.SHARED.remove(this);
      GrpcLink open = link;
      if (open != null) {
        joined.remove(open);
        open.ended(why);
      } else {
        close(Status.CANCELLED);
      }
    }

    @Override
    public boolean isReady() {
      return call.isReady();
    }

    @Override
    public void send(byte[] frame) {
      synchronized (this) {
        if (!hasEnded) {
          call.sendMessage(frame);
        }
      }
    }

    @Override
    public void request(int frames) {
      call.request(frames);
    }

    @Override
    public void end(boolean isOrderly, String why) {
      close(isOrderly ? Status.OK : Status.ABORTED.withDescription(why));
    }
  }
}
