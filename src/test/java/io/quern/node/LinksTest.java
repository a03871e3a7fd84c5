package io.quern.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quern.link.Dialler;
import io.quern.link.LinkContext;
import io.quern.link.LinkServer;
import io.quern.link.RefusalReason;
import io.quern.testing.Authority;
import io.quern.testing.OpenDoor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

/// Who gets in where links are described by settings: SSL bundles and a join token.
class LinksTest {
  private static final String TOKEN = "right";

  /// Who dials, and what becomes of it.
  ///
  /// @param bundle null for a link that is not encrypted
  /// @param counted null where the handshake ends before anybody is asked
  /// @param said part of what the one who dials learns
  private record Caller(
      String who,
      @Nullable String bundle,
      @Nullable String token,
      @Nullable RefusalReason counted,
      String said) {}

  private static final List<Caller> REFUSED =
      List.of(
          new Caller("no token", "good", null, RefusalReason.TOKEN, "join token"),
          new Caller("a wrong token", "good", "wrong", RefusalReason.TOKEN, "join token"),
          new Caller("no certificate", "bare", TOKEN, RefusalReason.CERTIFICATE, "certificate"),
          new Caller("signed by others", "stranger", TOKEN, RefusalReason.CERTIFICATE, ""),
          new Caller("expired", "expired", TOKEN, RefusalReason.CERTIFICATE, ""),
          new Caller("does not trust the boss", "mistrustful", TOKEN, null, ""),
          new Caller("not encrypted", null, TOKEN, null, ""));

  @Test
  void onlyWhoHasCertificateAndTokenGetsIn(@TempDir Path directory) throws Exception {
    Authority ours = Authority.make(directory, "ours");
    Authority theirs = Authority.make(directory, "theirs");
    Path trust = ours.trust();
    Path good = ours.node("good", false);
    List<String> settings = new ArrayList<>();
    settings.addAll(bundle("boss", ours.node("boss", false), trust));
    settings.addAll(bundle("good", good, trust));
    settings.addAll(bundle("bare", null, trust));
    settings.addAll(bundle("stranger", theirs.node("stranger", false), trust));
    settings.addAll(bundle("expired", ours.node("late", true), trust));
    settings.addAll(bundle("mistrustful", good, theirs.trust()));
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
        .withPropertyValues(settings.toArray(String[]::new))
        .run(context -> check(context.getBean(SslBundles.class)));
  }

  private static List<String> bundle(String name, @Nullable Path keys, Path trust) {
    String prefix = "spring.ssl.bundle.jks." + name;
    List<String> settings =
        new ArrayList<>(
            List.of(
                prefix + ".truststore.location=file:" + trust,
                prefix + ".truststore.password=" + Authority.PASSWORD));
    if (keys != null) {
      settings.add(prefix + ".keystore.location=file:" + keys);
      settings.add(prefix + ".keystore.password=" + Authority.PASSWORD);
    }
    return settings;
  }

  private static void check(SslBundles bundles) throws Exception {
    LinkContext boss = context(bundles, "boss", TOKEN, true);
    AtomicInteger accepted = new AtomicInteger();
    try (LinkServer server = OpenDoor.at(0, boss, _ -> accepted.incrementAndGet())) {
      for (Caller each : REFUSED) {
        RefusalReason counted = each.counted();
        long before = counted == null ? 0 : boss.refusals().of(counted);
        try (Dialler dialler = dial(bundles, each.bundle(), each.token(), server.port())) {
          await(each.who())
              .until(
                  dialler::state,
                  state -> !state.equals("not dialled yet") && state.contains(each.said()));
          if (counted != null) {
            await(each.who()).until(() -> boss.refusals().of(counted), count -> count > before);
          }
          assertThat(dialler.isConnected()).as(each.who()).isFalse();
        }
      }
      checkIsNotBelieved("127.0.0.1:" + server.port(), bundles, "for another name");
      assertThat(accepted).hasValue(0);
      try (Dialler dialler = dial(bundles, "good", TOKEN, server.port())) {
        await("who has both").until(dialler::isConnected);
        await().until(() -> accepted.get() == 1);
      }
    }
    LinkContext late = context(bundles, "expired", TOKEN, true);
    try (LinkServer server = OpenDoor.at(0, late, _ -> accepted.incrementAndGet())) {
      checkIsNotBelieved("localhost:" + server.port(), bundles, "expired");
      assertThat(accepted).hasValue(1);
    }
  }

  /// Nobody joins a boss at an address that its certificate is not for, or not any more.
  private static void checkIsNotBelieved(String address, SslBundles bundles, String why) {
    try (Dialler dialler =
        Dialler.start(context(bundles, "good", TOKEN, false), address, false, link -> {})) {
      await(why).until(dialler::state, state -> !state.equals("not dialled yet"));
      assertThat(dialler.isConnected()).as(why).isFalse();
      assertThat(dialler.state()).as(why).contains("certificate");
    }
  }

  private static Dialler dial(
      SslBundles bundles, @Nullable String bundle, @Nullable String token, int port) {
    return Dialler.start(
        context(bundles, bundle, token, false), "localhost:" + port, false, link -> {});
  }

  private static LinkContext context(
      SslBundles bundles, @Nullable String bundle, @Nullable String token, boolean asks) {
    return Links.context(settings(bundle, token, asks), bundles, List.of());
  }

  private static LinkProperties settings(
      @Nullable String bundle, @Nullable String token, boolean asks) {
    return new LinkProperties(
        0,
        null,
        token,
        bundle,
        asks,
        "test",
        Duration.ofSeconds(1),
        Duration.ofSeconds(30),
        DataSize.ofMegabytes(4),
        DataSize.ofMegabytes(64));
  }

  @Test
  void certificatesOfCallersAreNotAskedForWithoutEncryption() {
    assertThatThrownBy(() -> Links.context(settings(null, TOKEN, true), null, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("quern.link.ssl-bundle");
  }
}
