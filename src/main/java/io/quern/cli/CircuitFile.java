package io.quern.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads the text of a circuit.
final class CircuitFile {
  private CircuitFile() {}

  /// @param name path of a file, or `-` for standard input
  /// @param limit most bytes taken
  static String read(String name, int limit) throws CircuitFileException {
    byte[] bytes;
    try (InputStream in = open(name)) {
      bytes = in.readNBytes(limit + 1);
    } catch (IOException e) {
      throw new CircuitFileException("cannot read " + name + ": " + reason(e), e);
    } catch (InvalidPathException e) {
      throw new CircuitFileException("expected the path of a file, found '" + name + "'", e);
    }
    if (bytes.length > limit) {
      throw new CircuitFileException(
          "expected a circuit of at most " + limit + " bytes, " + name + " has more", null);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new CircuitFileException("expected UTF-8 text, " + name + " has other bytes", e);
    }
  }

  private static InputStream open(String name) throws IOException {
    if (name.equals("-")) {
      return System.in;
    }
    Path path = Path.of(name);
    if (Files.isDirectory(path)) {
      throw new IOException("it is a directory");
    }
    return Files.newInputStream(path);
  }

  /// What a failed call to the file system means.
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "access is denied";
      default -> String.valueOf(e.getMessage());
    };
  }
}
