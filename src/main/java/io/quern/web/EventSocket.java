package io.quern.web;

import io.quern.failure.QuernException;
import io.quern.task.TaskId;
import io.quern.task.TaskStore.StoredEvent;
import jakarta.websocket.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/// One WebSocket: a virtual thread sends the task's events, one at a time and at the reader's pace.
/// What the client sends is ignored.
///
/// Close codes: 1000 after the terminal event, 1001 when the service stops, 1013 for a reader that
/// took too long for one event (the reason of these two says where to go on) or where too many
/// streams are open, 4410 for a task that was removed.
final class EventSocket extends AbstractWebSocketHandler {
  /// Version of the stream's form, which clients may ask for as a subprotocol.
  static final String PROTOCOL = "quern.v1";

  /// The task was removed, so that no terminal event will come; as 410 over HTTP.
  private static final CloseStatus REMOVED = new CloseStatus(4410, "the task was removed");

  private static final Logger log = LoggerFactory.getLogger(EventSocket.class);

  /// How long a slow reader may take to finish the event under way and so learn why it is dropped.
  private static final Duration LAST_CHANCE = Duration.ofMinutes(1);

  private final EventStreams streams;
  private final LimitsProperties limits;
  private final String tenant;
  private final TaskId task;
  private long next;
  private volatile boolean isGone;

  EventSocket(
      EventStreams streams, LimitsProperties limits, String tenant, TaskId task, long from) {
    this.streams = streams;
    this.limits = limits;
    this.tenant = tenant;
    this.task = task;
    this.next = from;
  }

  @Override
  public void afterConnectionEstablished(WebSocketSession session) {
    Thread.ofVirtual().name("stream-" + task).start(() -> run(session));
  }

  @Override
  public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
    isGone = true;
  }

  @Override
  public void handleTransportError(WebSocketSession session, Throwable failure) {
    isGone = true;
  }

  private void run(WebSocketSession session) {
    CloseStatus status = CloseStatus.SERVER_ERROR;
    try (EventStreams.Lease lease = streams.lease(tenant, task, next)) {
      status = sendAll(session, lease);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | ExecutionException e) {
      log.debug("The reader of {} is gone", task, e);
    } catch (QuernException e) {
      status =
          CloseStatus.SERVICE_OVERLOAD.withReason(e.getMessage() + "; go on with from=" + next);
    } catch (RuntimeException e) {
      log.error("The stream of {} broke", task, e);
    }
    try {
      session.close(status);
    } catch (IOException e) {
      log.debug("The reader of {} was gone before the close", task, e);
    }
  }

  private CloseStatus sendAll(WebSocketSession session, EventStreams.Lease lease)
      throws InterruptedException, ExecutionException, IOException {
    long lastSent = System.nanoTime();
    while (!isGone) {
      if (streams.isClosing()) {
        return CloseStatus.GOING_AWAY.withReason(
            "the service is stopping; go on with from=" + next);
      }
      for (StoredEvent event : lease.reader().next(EventStreams.SLICE)) {
        boolean isSlow = send(session, event);
        next = event.number() + 1;
        if (event.terminal()) {
          return CloseStatus.NORMAL;
        }
        if (isSlow) {
          return CloseStatus.SERVICE_OVERLOAD.withReason(
              "the reader is too slow; go on with from=" + next);
        }
        lastSent = System.nanoTime();
      }
      if (Duration.ofNanos(System.nanoTime() - lastSent).compareTo(limits.keepAlive()) >= 0) {
        if (!lease.isAlive()) {
          return REMOVED;
        }
        session.sendMessage(new PingMessage());
        lastSent = System.nanoTime();
      }
    }
    return CloseStatus.NORMAL;
  }

  /// Sends one event and says whether that took longer than a reader may take.
  private boolean send(WebSocketSession session, StoredEvent event)
      throws InterruptedException, ExecutionException, IOException {
    Session socket = ((NativeWebSocketSession) session).getNativeSession(Session.class);
    if (socket == null) {
      throw new IOException("the connection has no socket");
    }
    CompletableFuture<Boolean> sent = new CompletableFuture<>();
    socket
        .getAsyncRemote()
        .sendText(
            event.json(),
            result -> {
              if (result.isOK()) {
                sent.complete(true);
              } else {
                sent.completeExceptionally(result.getException());
              }
            });
    try {
      sent.get(limits.slowReader().toNanos(), TimeUnit.NANOSECONDS);
      return false;
    } catch (TimeoutException slow) {
      streams.countSlowReader();
      try {
        sent.get(LAST_CHANCE.toNanos(), TimeUnit.NANOSECONDS);
        return true;
      } catch (TimeoutException stuck) {
        throw new IOException("the reader does not read", stuck);
      }
    }
  }
}
