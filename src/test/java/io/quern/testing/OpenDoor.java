package io.quern.testing;

import io.quern.link.GrpcLink;
import io.quern.link.LinkContext;
import io.quern.link.LinkServer;
import io.quern.protocol.encoding.Hello;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Takes everybody who may join by the settings of the link.
///
/// @param accepted takes the links
public record OpenDoor(Consumer<GrpcLink> accepted) implements LinkServer.Acceptor {

  /// Listens on a port of this machine; 0 for any.
  public static LinkServer at(int port, LinkContext context, Consumer<GrpcLink> accepted)
      throws IOException {
    return LinkServer.start(
        context,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        new OpenDoor(accepted));
  }

  @Override
  public @Nullable String refusal(Hello peer) {
    return null;
  }

  @Override
  public void accept(GrpcLink link) {
    accepted.accept(link);
  }
}
