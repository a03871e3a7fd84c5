package io.quern.web;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.TaskId;
import io.quern.task.TaskStore.StoredEvent;
import io.quern.web.EventStreams.Start;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.socket.server.HandshakeHandler;

/// The event log of a task as it grows: server-sent events, and the same over WebSocket.
///
/// A stream occupies the virtual thread of its request and reads committed events at the reader's
/// own pace, so a slow reader costs no memory.
@RestController
class EventController {
  private static final Logger log = LoggerFactory.getLogger(EventController.class);
  private static final List<MediaType> SSE = List.of(MediaType.TEXT_EVENT_STREAM);
  private static final byte[] KEEP_ALIVE = Answers.bytes(": keep-alive\n\n");

  private final TaskLookup tasks;
  private final EventStreams streams;
  private final LimitsProperties limits;
  private final HandshakeHandler handshake;

  EventController(
      TaskLookup tasks, EventStreams streams, LimitsProperties limits, HandshakeHandler handshake) {
    this.tasks = tasks;
    this.streams = streams;
    this.limits = limits;
    this.handshake = handshake;
  }

  @GetMapping("/tasks/{id}/events")
  void events(
      @PathVariable String id,
      HttpServletRequest request,
      HttpServletResponse response,
      Principal caller)
      throws IOException, InterruptedException {
    TaskId task = tasks.id(caller.getName(), id);
    long from = from(request, true);
    Accept.choose(request, SSE);
    switch (streams.start(caller.getName(), task, from)) {
      case Start.AfterEnd _ -> response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      case Start.From(long number) -> {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        // Proxies such as nginx would hold events back otherwise.
        response.setHeader("X-Accel-Buffering", "no");
        if (!request.getMethod().equals("HEAD")) {
          sendAll(caller.getName(), task, number, response);
        }
      }
    }
  }

  @GetMapping("/tasks/{id}/stream")
  void stream(
      @PathVariable String id,
      HttpServletRequest request,
      HttpServletResponse response,
      Principal caller)
      throws InterruptedException {
    TaskId task = tasks.id(caller.getName(), id);
    long from = from(request, false);
    if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
      throw new QuernException(
          ErrorCode.UPGRADE_REQUIRED,
          "expected the header 'Upgrade: websocket'; plain HTTP reads the same events at /tasks/"
              + task
              + "/events");
    }
    switch (streams.start(caller.getName(), task, from)) {
      case Start.AfterEnd _ -> response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      case Start.From(long number) ->
          handshake.doHandshake(
              new ServletServerHttpRequest(request),
              new ServletServerHttpResponse(response),
              new EventSocket(streams, limits, caller.getName(), task, number),
              Map.of());
    }
  }

  /// The first event wanted. A browser that reconnects repeats its first address and adds the last
  /// event it had, so the header wins.
  private static long from(HttpServletRequest request, boolean takesHeader) {
    QueryParameters query =
        QueryParameters.parse(request.getQueryString(), Set.of("from"), Set.of());
    Long from = query.integer("from", 1, Long.MAX_VALUE);
    String lastEventId = takesHeader ? request.getHeader("Last-Event-ID") : null;
    if (lastEventId != null && !lastEventId.isEmpty()) {
      return lastEvent(lastEventId) + 1;
    }
    return from == null ? 1 : from;
  }

  private static long lastEvent(String text) {
    Long number = parse(text);
    if (number == null || number < 0 || number == Long.MAX_VALUE) {
      throw QueryParameters.invalid(
          "Last-Event-ID", "the number of an event", "'" + text + "'", text);
    }
    return number;
  }

  private static @Nullable Long parse(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private void sendAll(String tenant, TaskId task, long from, HttpServletResponse response)
      throws InterruptedException {
    try (EventStreams.Lease lease = streams.lease(tenant, task, from)) {
      OutputStream out = response.getOutputStream();
      response.flushBuffer();
      long lastSent = System.nanoTime();
      while (!streams.isClosing()) {
        List<StoredEvent> events = lease.reader().next(EventStreams.SLICE);
        for (StoredEvent event : events) {
          out.write(frame(event));
        }
        if (!events.isEmpty()) {
          out.flush();
          lastSent = System.nanoTime();
          if (events.getLast().terminal()) {
            return;
          }
        } else if (Duration.ofNanos(System.nanoTime() - lastSent).compareTo(limits.keepAlive())
            >= 0) {
          if (!lease.isAlive()) {
            return;
          }
          out.write(KEEP_ALIVE);
          out.flush();
          lastSent = System.nanoTime();
        }
      }
    } catch (IOException e) {
      log.debug("The reader of {} is gone", task, e);
    }
  }

  private static byte[] frame(StoredEvent event) {
    return Answers.bytes(
        "id: " + event.number() + "\nevent: " + event.type() + "\ndata: " + event.json() + "\n\n");
  }
}
