package io.quern.testing;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.qasm.QasmReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The circuits in `examples/`.
public final class Examples {
  private static final Path DIRECTORY = Path.of("examples");

  private Examples() {}

  /// The names of all, such as `qft_5`, in alphabetical order.
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(DIRECTORY, "*.qasm")) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        names.add(name.substring(0, name.length() - ".qasm".length()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names.stream().sorted().toList();
  }

  public static Circuit read(String name) {
    return QasmReader.read(text(name));
  }

  /// The OpenQASM text of an example.
  public static String text(String name) {
    try {
      return Files.readString(DIRECTORY.resolve(name + ".qasm"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
