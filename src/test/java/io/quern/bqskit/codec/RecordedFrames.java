package io.quern.bqskit.codec;

import io.quern.testing.PeerPython;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Frames of every message that reaches a server, recorded from the real BQSKit.
final class RecordedFrames {
  private final PeerPython python;
  private final Path directory;

  private RecordedFrames(PeerPython python, Path directory) {
    this.python = python;
    this.directory = directory;
  }

  /// Has the real package write them into a directory.
  static RecordedFrames record(Path directory) throws IOException {
    PeerPython python = PeerPython.provide();
    copy("same.py", directory);
    python.run("/bqskit/frames.py", List.of(directory), directory);
    return new RecordedFrames(python, directory);
  }

  static void copy(String resource, Path directory) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(RecordedFrames.class.getResourceAsStream("/bqskit/" + resource))) {
      Files.copy(in, directory.resolve(resource));
    }
  }

  byte[] frame(String name, int protocol) throws IOException {
    return Files.readAllBytes(directory.resolve(name + "." + protocol));
  }

  /// All frames of clients (`client`) or managers (`manager`).
  List<byte[]> all(String sender) throws IOException {
    List<byte[]> frames = new java.util.ArrayList<>();
    try (var files = Files.newDirectoryStream(directory, sender + "-*.[2345]")) {
      for (Path file : files) {
        frames.add(Files.readAllBytes(file));
      }
    }
    return frames;
  }

  Path directory() {
    return directory;
  }

  String run(String script) throws IOException {
    return python.run(script, List.of(directory), directory);
  }
}
