package io.quern.bqskit.pickle;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.testing.PeerPython;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Python's picklers and dill write, in protocols 2 to 5, is read and written anew, and Python
/// reads the same from both.
class PickleRoundTripIT {
  private static final PickleLimits LIMITS = new PickleLimits(256 << 20, 1000);

  @Test
  void pythonReadsTheSameFromWhatIsWrittenAnew(@TempDir Path directory) throws IOException {
    PeerPython python = PeerPython.provide();
    for (String module : List.of("values.py", "same.py")) {
      Recorded.copyModule(module, directory);
    }
    python.run("/bqskit/record.py", List.of(directory), directory);
    Path again = Files.createDirectory(directory.resolve("again"));
    List<Path> files = new ArrayList<>();
    try (var found = Files.newDirectoryStream(directory, "*.[2345]")) {
      found.forEach(files::add);
    }
    for (Path file : files) {
      Pickle written = PickleWriter.write(PickleReader.read(Files.readAllBytes(file), LIMITS));
      Files.write(again.resolve(file.getFileName()), written.toBytes());
    }
    String differences = python.run("/bqskit/compare.py", List.of(directory), directory);
    assertThat(files).hasSizeGreaterThan(300);
    assertThat(differences).isEqualTo("compared " + files.size() + "\n");
  }
}
