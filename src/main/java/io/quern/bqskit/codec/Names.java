package io.quern.bqskit.codec;

import io.quern.bqskit.pickle.GlobalNode;

/// What BQSKit's classes are called in its pickles.
final class Names {
  static final GlobalNode MESSAGE = new GlobalNode("bqskit.runtime.message", "RuntimeMessage");
  static final GlobalNode ADDRESS = GlobalNode.shared("bqskit.runtime.address", "RuntimeAddress");
  static final GlobalNode RESULT = new GlobalNode("bqskit.runtime.result", "RuntimeResult");
  static final GlobalNode TASK = GlobalNode.shared("bqskit.runtime.task", "RuntimeTask");
  static final GlobalNode STATUS = new GlobalNode("bqskit.compiler.status", "CompilationStatus");
  static final GlobalNode COMPILATION = new GlobalNode("bqskit.compiler.task", "CompilationTask");
  static final GlobalNode RUN_COMPILATION =
      new GlobalNode("bqskit.compiler.task", "CompilationTask.run");

  private Names() {}
}
