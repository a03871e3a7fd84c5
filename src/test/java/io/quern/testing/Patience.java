package io.quern.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Lets every test wait as long as a busy machine may need: Awaitility gives up after ten seconds
/// by itself, and a wait that succeeds takes no longer for being allowed to. JUnit finds it by
/// itself (`META-INF/services`).
public final class Patience implements BeforeAllCallback {

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
  }
}
