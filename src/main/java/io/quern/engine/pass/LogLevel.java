package io.quern.engine.pass;

/// Levels of log lines, least important first; BQSKit's (Python's) levels.
public enum LogLevel {
  DEBUG,
  INFO,
  WARNING,
  ERROR
}
