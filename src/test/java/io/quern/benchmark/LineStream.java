package io.quern.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads the event stream of a task that still runs.
final class LineStream {
  private LineStream() {}

  /// What the task said, up to so many lines.
  static List<String> read(int port, String task, int lines) throws IOException {
    List<String> said = new ArrayList<>();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      // Of HTTP/1.0, since chunks would end in the middle of lines.
      socket
          .getOutputStream()
          .write(
              ("GET /tasks/" + task + "/events HTTP/1.0\r\nHost: localhost\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      while (said.size() < lines) {
        String line = in.readLine();
        if (line == null) {
          throw new IOException("the stream ended after " + said.size() + " lines");
        }
        said.addAll(RuntimeBenchmark.said(line));
      }
    }
    return said;
  }
}
