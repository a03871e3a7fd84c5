package io.quern.engine.pass;

/// One transformation of a compilation.
public interface Pass {

  /// The name reports and progress give it.
  String name();

  /// How many blocks [#run] will work on, 0 if it does not work block by block.
  default int blocks(PassData data) {
    return 0;
  }

  /// Changes what `data` holds. Randomness comes from [PassData#seed] alone.
  void run(PassData data, RuntimeHandle runtime) throws InterruptedException;
}
