package io.quern.engine.pass;

/// One transformation of a compilation.
public interface Pass {

  /// The name reports and progress give it.
  String name();

  /// Changes what `data` holds. Randomness comes from [PassData#seed] alone.
  void run(PassData data, RuntimeHandle runtime) throws InterruptedException;
}
