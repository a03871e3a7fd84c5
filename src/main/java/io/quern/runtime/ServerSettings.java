package io.quern.runtime;

import java.time.Duration;

/// How a server behaves.
///
/// @param queueLimit tasks that may wait; more are answered QueueFull
/// @param retryDelay pause before the store is tried again
/// @param deadlineGrace how long after its time limit a task may take to hand back its best circuit
///   before it is ended as failed
/// @param maxUnwrittenEvents events of one task that may wait for the store; further log lines and
///   progress are dropped
/// @param poisonDeaths how many processes may end while they execute a runtime task before it
///   fails; 0 for any number
/// @param labelGrace how long after the start, and after the last manager that offered them left,
///   tasks wait for labels nobody offers
/// @param reattachGrace how long managers may take to come back after a link broke or the server
///   was started again, before what they had runs elsewhere
/// @param wasCutShort whether the server's process, in its last life, ended without having been
///   stopped
public record ServerSettings(
    int queueLimit,
    Duration retryDelay,
    Duration deadlineGrace,
    int maxUnwrittenEvents,
    int poisonDeaths,
    Duration labelGrace,
    Duration reattachGrace,
    boolean wasCutShort) {

  /// Of a server to which nobody comes back.
  public static final ServerSettings DEFAULT = builder().build();

  /// The default ones, to be changed.
  public static Builder builder() {
    return new Builder();
  }

  /// Settings in the making.
  public static final class Builder {
    private int queueLimit = 100_000;
    private Duration retryDelay = Duration.ofMillis(500);
    private Duration deadlineGrace = Duration.ofSeconds(30);
    private int maxUnwrittenEvents = 1_000;
    private int poisonDeaths = 3;
    private Duration labelGrace = Duration.ofSeconds(30);
    private Duration reattachGrace = Duration.ZERO;
    private boolean wasCutShort;

    private Builder() {}

    public Builder queueLimit(int limit) {
      queueLimit = limit;
      return this;
    }

    public Builder retryDelay(Duration delay) {
      retryDelay = delay;
      return this;
    }

    public Builder deadlineGrace(Duration grace) {
      deadlineGrace = grace;
      return this;
    }

    public Builder maxUnwrittenEvents(int events) {
      maxUnwrittenEvents = events;
      return this;
    }

    public Builder poisonDeaths(int deaths) {
      poisonDeaths = deaths;
      return this;
    }

    public Builder labelGrace(Duration grace) {
      labelGrace = grace;
      return this;
    }

    public Builder reattachGrace(Duration grace) {
      reattachGrace = grace;
      return this;
    }

    public Builder wasCutShort(boolean was) {
      wasCutShort = was;
      return this;
    }

    public ServerSettings build() {
      return new ServerSettings(
          queueLimit,
          retryDelay,
          deadlineGrace,
          maxUnwrittenEvents,
          poisonDeaths,
          labelGrace,
          reattachGrace,
          wasCutShort);
    }
  }
}
