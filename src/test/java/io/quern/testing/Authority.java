package io.quern.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A certificate authority for a test, and certificates it signs; all made by the JDK's keytool.
public final class Authority {
  /// Of every file.
  public static final String PASSWORD = "changeit";

  private final Path file;

  private Authority(Path file) {
    this.file = file;
  }

  public static Authority make(Path directory, String name)
      throws IOException, InterruptedException {
    Authority authority = new Authority(directory.resolve(name + ".p12"));
    authority.keytool("-alias", "ca", "-dname", "CN=" + name, "-ext", "bc:c");
    return authority;
  }

  /// A file with the key and certificate of a node at localhost.
  ///
  /// @param isExpired whether the certificate's time is over
  public Path node(String name, boolean isExpired)
      throws IOException, InterruptedException, GeneralSecurityException {
    List<String> options =
        new ArrayList<>(
            List.of(
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-signer",
                "ca",
                "-ext",
                // Not 127.0.0.1: whoever dials that is not believed.
                "san=dns:localhost"));
    if (isExpired) {
      options.addAll(List.of("-startdate", "-10d", "-validity", "5"));
    }
    keytool(options.toArray(String[]::new));
    KeyStore keys = load();
    for (String alias : List.copyOf(Collections.list(keys.aliases()))) {
      if (!alias.equals(name)) {
        keys.deleteEntry(alias);
      }
    }
    return write(keys, name);
  }

  /// A file that trusts what this authority signed, and nothing else.
  public Path trust() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", load().getCertificate("ca"));
    return write(store, "trust");
  }

  private Path write(KeyStore store, String name) throws IOException, GeneralSecurityException {
    String own = String.valueOf(file.getFileName()).replace(".p12", "");
    Path to = file.resolveSibling(own + "-" + name + ".p12");
    try (OutputStream out = Files.newOutputStream(to)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return to;
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private void keytool(String... options) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-keyalg",
                "EC",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString()));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(output);
    }
  }
}
