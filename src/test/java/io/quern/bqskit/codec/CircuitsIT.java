package io.quern.bqskit.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.bqskit.pickle.PickleLimits;
import io.quern.bqskit.wire.PickledValue;
import io.quern.testing.PeerPython;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The QASM that is read from BQSKit's pickles is the circuit that BQSKit pickled, by BQSKit's own
/// account.
class CircuitsIT {
  private static final PickleLimits LIMITS = new PickleLimits(64 << 20, 200);

  @Test
  void circuitsAreShownAsWhatTheyAre(@TempDir Path directory) throws IOException {
    PeerPython python = PeerPython.provide();
    python.run("/bqskit/circuits.py", "write", directory);
    try (var files = Files.newDirectoryStream(directory, "*.circuit")) {
      for (Path file : files) {
        String name = file.getFileName().toString().replace(".circuit", "");
        String qasm = Circuits.qasm(PickledValue.of(Files.readAllBytes(file)), LIMITS);
        if (name.startsWith("unknown")) {
          assertThat(qasm).as(name).isNull();
        } else {
          assertThat(qasm).as(name).isNotNull();
          Files.writeString(directory.resolve(name + ".qasm"), qasm);
        }
      }
    }
    assertThat(python.run("/bqskit/circuits.py", "check", directory)).matches("\\d\\d circuits\n");
    assertThat(Files.readString(directory.resolve("measured.qasm")))
        .contains(
            "creg a[2];",
            "creg b[1];",
            "h q[2];",
            "barrier q[0],q[2];",
            "reset q[1];",
            "measure q[2] -> a[1];",
            "measure q[0] -> b[0];");
  }
}
