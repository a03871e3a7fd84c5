package io.quern.bqskit;

/// Where a `bqskit-manager` listens.
record ManagerAddress(String host, int port) {
  /// What `bqskit-manager` listens on if not told otherwise.
  static final int DEFAULT_PORT = 7473;

  /// @param text `host` or `host:port`
  /// @throws IllegalArgumentException if it is neither
  static ManagerAddress parse(String text) {
    String stripped = text.strip();
    int colon = stripped.lastIndexOf(':');
    String host = colon < 0 ? stripped : stripped.substring(0, colon);
    int port = DEFAULT_PORT;
    if (colon >= 0) {
      try {
        port = Integer.parseInt(stripped.substring(colon + 1));
      } catch (NumberFormatException e) {
        throw malformed(text);
      }
    }
    if (host.isEmpty() || port < 1 || port > 65_535) {
      throw malformed(text);
    }
    return new ManagerAddress(host, port);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "expected HOST or HOST:PORT of a bqskit-manager, found '" + text + "'");
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
