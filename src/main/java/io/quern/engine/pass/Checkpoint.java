package io.quern.engine.pass;

import java.util.List;

/// What a compilation has come to after some of its top-level passes, enough to go on from there.
/// Seeds of later passes come from the compilation's own, so there is no other state of chance.
///
/// @param engineVersion another version starts over
/// @param done the passes that are over, in order
/// @param state what they left
public record Checkpoint(String engineVersion, List<Done> done, PassData.State state) {
  public Checkpoint {
    done = List.copyOf(done);
  }

  /// A pass that is over.
  ///
  /// @param before two-qubit gates it found
  /// @param after two-qubit gates it left
  public record Done(String pass, double seconds, int before, int after) {}

  /// How many top-level passes are over; the later one of two checkpoints has more.
  public int position() {
    return done.size();
  }
}
