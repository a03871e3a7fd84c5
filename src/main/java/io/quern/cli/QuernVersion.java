package io.quern.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// What `quern --version` prints.
final class QuernVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {
      "quern " + number(),
      "Java "
          + Runtime.version()
          + " ("
          + System.getProperty("java.vendor")
          + "), "
          + System.getProperty("os.name")
          + " "
          + System.getProperty("os.arch")
    };
  }

  /// The version the build wrote beside the classes.
  static String number() {
    try (InputStream in =
        QuernVersion.class.getResourceAsStream("/META-INF/build-info.properties")) {
      if (in == null) {
        return "unknown";
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("build.version", "unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
