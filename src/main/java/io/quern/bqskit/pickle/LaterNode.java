package io.quern.bqskit.pickle;

import java.util.Collections;
import java.util.List;

/// An object that was made before and to which more is done at this place. It stands for that same
/// object; the order matters where objects refer to each other in a circle.
public final class LaterNode extends PickleNode.Referable {
  private final PickleNode target;
  private final NodeSteps steps = new NodeSteps();

  LaterNode(PickleNode target) {
    this.target = target;
  }

  /// The object, never itself a [LaterNode].
  public PickleNode target() {
    return target;
  }

  public List<Step> steps() {
    return Collections.unmodifiableList(steps);
  }

  void add(Step step) {
    steps.append(step);
  }

  @Override
  public String toString() {
    return target + " changed later";
  }
}
