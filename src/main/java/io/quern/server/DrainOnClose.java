package io.quern.server;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/// Starts the drain when the application begins to close, before the web server has stopped, so
/// that requests still coming in are told and no new task is begun.
final class DrainOnClose implements ApplicationListener<ContextClosedEvent> {
  private final QuernServer server;
  private final ApplicationContext context;

  DrainOnClose(QuernServer server, ApplicationContext context) {
    this.server = server;
    this.context = context;
  }

  /// Contexts below this one (the management port's) tell of their end too.
  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    if (event.getApplicationContext().equals(context)) {
      server.drain();
    }
  }
}
