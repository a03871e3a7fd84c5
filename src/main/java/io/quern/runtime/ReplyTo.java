package io.quern.runtime;

/// Names whoever waits for an answer; the shell knows who it is.
public record ReplyTo(long value) {}
