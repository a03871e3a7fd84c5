package io.quern.node;

import io.quern.link.LinkSettings;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// The link between nodes.
///
/// @param port on which managers join the server; 0 for any free one, -1 for none
/// @param address at which it listens: all addresses with a join token, loopback without, unless
///   set
/// @param joinToken what whoever dials must know; without it nothing beyond loopback may join
/// @param sslBundle name of the SSL bundle with this node's certificate and whom it trusts; without
///   it links are not encrypted
/// @param clientCertificates whether who dials must show a certificate the bundle trusts (mutual
///   TLS)
/// @param name how this node is called in the logs of others; the machine's name unless set
/// @param heartbeat time with nothing to say after which a sign of life is sent
/// @param dead time with nothing heard after which the other side counts as gone
/// @param frame largest frame; larger messages go in chunks
/// @param payload largest argument or result of a runtime task; one that is larger fails its task
@Validated
@ConfigurationProperties("quern.link")
public record LinkProperties(
    @Min(-1) @Max(65_535) @DefaultValue("7470") int port,
    @Nullable String address,
    @Nullable String joinToken,
    @Nullable String sslBundle,
    @DefaultValue("false") boolean clientCertificates,
    @Nullable String name,
    @NotNull @DurationMin(millis = 10) @DefaultValue("500ms") Duration heartbeat,
    @NotNull @DurationMin(millis = 100) @DefaultValue("2500ms") Duration dead,
    @NotNull @DefaultValue("4MB") DataSize frame,
    @NotNull @DefaultValue("1GB") DataSize payload) {
  private static final DataSize LEAST_FRAME = DataSize.ofKilobytes(64);
  private static final DataSize MOST_FRAME = DataSize.ofMegabytes(512);

  public LinkProperties {
    if (dead.compareTo(heartbeat) <= 0) {
      throw new BadSettingException(
          "expected quern.link.dead to be longer than quern.link.heartbeat, found %s and %s"
              .formatted(dead, heartbeat));
    }
    if (frame.compareTo(LEAST_FRAME) < 0 || frame.compareTo(MOST_FRAME) > 0) {
      throw new BadSettingException(
          "expected quern.link.frame of %s to %s, found %s"
              .formatted(LEAST_FRAME, MOST_FRAME, frame));
    }
  }

  LinkSettings settings() {
    return new LinkSettings(
        heartbeat,
        dead,
        Math.toIntExact(frame.toBytes()),
        (int) Math.min(payload.toBytes(), Integer.MAX_VALUE / 2),
        LinkSettings.DEFAULT.maxWaiting());
  }

  /// Without the secret.
  @Override
  public String toString() {
    return "port " + port + (joinToken == null ? ", no join token" : ", join token");
  }
}
