package io.quern.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of one port of a running service.
final class Http {
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;

  Http(int port) {
    this.port = port;
  }

  /// An answer with its body as text.
  ///
  /// @param headers by name in lower case
  record Answer(int status, Map<String, String> headers, String body) {
    JsonNode json() {
      return JsonMapper.shared().readTree(body);
    }

    /// Empty if there is none.
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /// A member of the body as text, empty if there is none.
    String text(String name) {
      return json().path(name).asString("");
    }

    /// The last part of a problem's type.
    String problem() {
      return header("content-type").equals("application/problem+json")
          ? text("type").substring("/problems/".length())
          : "no problem";
    }

    @Override
    public String toString() {
      return status + " " + headers + "\n" + body;
    }
  }

  Answer get(String path, String... headers) throws IOException, InterruptedException {
    return send("GET", path, "", headers);
  }

  Answer post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return send("POST", path, body, headers);
  }

  Answer delete(String path, String... headers) throws IOException, InterruptedException {
    return send("DELETE", path, "", headers);
  }

  Answer send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    return answer(client.send(request(method, path, body, headers), BodyHandlers.ofString()));
  }

  /// Asks in the background.
  CompletableFuture<Answer> later(String path, String... headers) {
    return client
        .sendAsync(request("GET", path, "", headers), BodyHandlers.ofString())
        .thenApply(Http::answer);
  }

  /// Opens a WebSocket; fails as the future does.
  CompletableFuture<WebSocket> socket(
      String path, WebSocket.Listener listener, List<String> protocols) {
    WebSocket.Builder builder = client.newWebSocketBuilder();
    if (!protocols.isEmpty()) {
      builder.subprotocols(
          protocols.getFirst(), protocols.subList(1, protocols.size()).toArray(String[]::new));
    }
    return builder.buildAsync(URI.create("ws://localhost:" + port + path), listener);
  }

  /// Sends a request byte for byte, for what no well-behaved client sends. `Connection: close` and
  /// the end of the headers are added.
  Answer raw(String head, String body) throws IOException {
    String text =
        head.stripTrailing().replace("\n", "\r\n") + "\r\nConnection: close\r\n\r\n" + body;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return parse(socket.getInputStream());
    }
  }

  /// Asks for an upgrade to WebSocket without the means to speak it.
  Answer upgrade(String path, String... headers) throws IOException {
    StringBuilder head =
        new StringBuilder("GET " + path + " HTTP/1.1\nHost: localhost:" + port + "\n");
    for (int i = 0; i < headers.length; i += 2) {
      head.append(headers[i]).append(": ").append(headers[i + 1]).append('\n');
    }
    head.append(
        "Upgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key:"
            + " dGhlIHNhbXBsZSBub25jZQ==\nConnection: Upgrade");
    return raw(head.toString(), "");
  }

  private HttpRequest request(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    request.method(
        method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request.build();
  }

  private static Answer answer(HttpResponse<String> response) {
    Map<String, String> headers = new TreeMap<>();
    response
        .headers()
        .map()
        .forEach(
            (name, values) ->
                headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    return new Answer(response.statusCode(), headers, response.body());
  }

  private static Answer parse(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    in.transferTo(bytes);
    String text = bytes.toString(StandardCharsets.UTF_8);
    int end = text.indexOf("\r\n\r\n");
    String[] lines = text.substring(0, end).split("\r\n");
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, text.substring(end + 4));
  }
}
