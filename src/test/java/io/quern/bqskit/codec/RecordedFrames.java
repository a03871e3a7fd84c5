package io.quern.bqskit.codec;

import io.quern.bqskit.pickle.Recorded;
import io.quern.testing.PeerPython;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    Recorded.copyModule("same.py", directory);
    python.run("/bqskit/frames.py", List.of(directory), directory);
    return new RecordedFrames(python, directory);
  }

  byte[] frame(String name, int protocol) throws IOException {
    return Files.readAllBytes(directory.resolve(name + "." + protocol));
  }

  /// All frames of clients (`client`) or managers (`manager`).
  List<byte[]> all(String sender) throws IOException {
    List<byte[]> frames = new ArrayList<>();
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
