package io.quern.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real browser: the front door leads to the API page, and a page follows a task over WebSocket
/// and server-sent events.
@RunningService
class BrowserIT {
  private static final Logger log = LoggerFactory.getLogger(BrowserIT.class);
  private static final List<String> CHROMIUMS =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @LocalServerPort private int port;

  @Test
  void browserFindsTheApiPageAndFollowsATask() throws Exception {
    Path chromium = chromium();
    try (Playwright playwright =
            Playwright.create(
                new Playwright.CreateOptions()
                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser =
            playwright
                .chromium()
                .launch(
                    new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(
                            List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        Page page = browser.newPage()) {
      // A browser that shares the machine with other builds is slow, not wrong.
      page.setDefaultTimeout((double) PATIENCE.toMillis());
      List<String> errors = new ArrayList<>();
      page.onConsoleMessage(
          message -> {
            if (message.type().equals("error")) {
              errors.add(message.text());
            }
          });
      page.onRequest(
          request -> {
            if (!request.url().startsWith("http://localhost:" + port)
                && !request.url().startsWith("data:")) {
              errors.add("request to " + request.url());
            }
          });
      page.navigate("http://localhost:" + port + "/");
      page.waitForSelector("text=Submit a circuit");
      page.waitForSelector("[data-path='/tasks/{id}/events']");
      assertThat(page.url()).contains("/swagger-ui/");
      assertThat(page.title()).isNotEmpty();

      Object result = page.evaluate(FOLLOW, Files.readString(Path.of("examples/qft_5.qasm")));
      JsonNode followed = JsonMapper.shared().readTree(String.valueOf(result));
      assertThat(followed.path("code").asInt()).as("close code of %s", followed).isEqualTo(1000);
      assertThat(followed.path("protocol").asString()).isEqualTo("quern.v1");
      JsonNode types = followed.path("types");
      assertThat(types.path(0).asString()).isEqualTo("state");
      assertThat(types.path(types.size() - 1).asString()).isEqualTo("result");
      assertThat(followed.path("viaSse")).isEqualTo(types);
      assertThat(errors).as("errors and foreign requests of the page").isEmpty();

      page.navigate("http://localhost:" + port + "/problems/qasm-syntax");
      assertThat(page.locator("h1").textContent()).isEqualTo("The circuit is not valid OpenQASM 2");
    }
  }

  /// Submits a circuit and collects its events both ways, as a page of this service would.
  private static final String FOLLOW =
      """
      async circuit => {
        const task = await (await fetch('/tasks?coupling=line', {method: 'POST', body: circuit})).json();
        const viaSocket = new Promise((done, failed) => {
          const types = [];
          const address = location.origin.replace('http', 'ws') + task.links.stream;
          const socket = new WebSocket(address, ['quern.v1']);
          socket.onmessage = message => types.push(JSON.parse(message.data).type);
          socket.onclose = end => done({types, code: end.code, protocol: socket.protocol});
        });
        const viaSse = new Promise(done => {
          const types = [];
          const source = new EventSource(task.links.events);
          for (const type of ['state', 'log', 'progress', 'restarted', 'gap', 'result']) {
            source.addEventListener(type, event => types.push(JSON.parse(event.data).type));
          }
          // After the end the browser comes back with Last-Event-ID, gets 204 and stops for good.
          source.onerror = () => {
            if (source.readyState === EventSource.CLOSED) done(types);
          };
        });
        const followed = await viaSocket;
        followed.viaSse = await viaSse;
        return JSON.stringify(followed);
      }
      """;

  private static Path chromium() {
    Path found =
        CHROMIUMS.stream().map(Path::of).filter(Files::isExecutable).findFirst().orElse(null);
    if (found == null && "true".equals(System.getenv("CI"))) {
      fail("the continuous build needs a browser at one of %s", CHROMIUMS);
    }
    if (found == null) {
      log.warn("BROWSER NOT TESTED: there is none at any of {}", CHROMIUMS);
    }
    Assumptions.assumeTrue(found != null, "no browser at any of " + CHROMIUMS);
    return java.util.Objects.requireNonNull(found);
  }
}
