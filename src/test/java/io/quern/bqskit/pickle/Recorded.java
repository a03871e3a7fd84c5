package io.quern.bqskit.pickle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// Pickles of the real BQSKit and of dill, recorded once, and what records them anew.
public final class Recorded {
  private Recorded() {}

  /// Copies a Python module of the tests into a directory, where scripts can import it.
  public static void copyModule(String name, Path directory) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Recorded.class.getResourceAsStream("/bqskit/" + name))) {
      Files.copy(in, directory.resolve(name));
    }
  }

  /// The pickles by name.
  public static Map<String, byte[]> pickles() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    try (InputStream in =
        Objects.requireNonNull(Recorded.class.getResourceAsStream("/bqskit/recorded.txt"))) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (!line.startsWith("#")) {
          String[] parts = line.split(" ");
          all.put(parts[0], Base64.getDecoder().decode(parts[1]));
        }
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
