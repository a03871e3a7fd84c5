package io.quern.server;

import static io.quern.runtime.Fixtures.function;
import static io.quern.runtime.Fixtures.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.quern.engine.pass.LogLevel;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What a log line is about is said in fields of its own, which JSON lines carry.
class StructuredLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(ServerLoop.class);
  private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
          lines.add(line);
        }
      };

  @BeforeEach
  void listen() {
    appender.start();
    logger.addAppender(appender);
    logger.setLevel(Level.DEBUG);
  }

  @AfterEach
  void stopListening() {
    logger.setLevel(null);
    logger.detachAppender(appender);
  }

  private Stream<String> field(String name) {
    return lines.stream()
        .filter(line -> line.getKeyValuePairs() != null)
        .flatMap(line -> line.getKeyValuePairs().stream())
        .filter(pair -> pair.key.equals(name))
        .map(pair -> Objects.toString(pair.value));
  }

  @Test
  void linesSayWhichTaskAndWhichManagerTheyAreAbout() throws InterruptedException {
    try (AttachedServer server = new AttachedServer(1)) {
      server.run(
          function("root", (argument, runtime) -> result(1)), 1L, null, LogLevel.INFO, event -> {});
    }
    await()
        .untilAsserted(
            () -> assertThat(field("manager")).containsExactly("the manager in this process"));
    assertThat(field("task").distinct()).containsExactly("00000000-0000-0000-0000-000000000001");
  }
}
