package io.quern.manager;

import io.quern.link.GrpcLink;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is done about tasks that may end whoever runs them.
///
/// @param poisonDeaths how many processes may end while they execute one before it is given up; 0
///   for any number
/// @param spawner starts the processes in which they run alone; null if there are none
/// @param isCell whether this process is one of these: nothing it submits leaves it
public record Isolation(int poisonDeaths, @Nullable Spawner spawner, boolean isCell) {
  /// Of a process that starts no others.
  public static final Isolation NONE = new Isolation(3, null, false);

  /// Starts worker processes.
  public interface Spawner {
    /// Starts one, and returns before it has joined; if it cannot be started it never will.
    ///
    /// @param slots it is to have
    /// @param whenJoined hears its link
    void spawn(int slots, Consumer<GrpcLink> whenJoined);
  }
}
