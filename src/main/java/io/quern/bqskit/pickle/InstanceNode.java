package io.quern.bqskit.pickle;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An object as its pickle makes it: what is called, with which arguments, and what is done to it
/// then. Nothing of this is carried out here.
public final class InstanceNode extends PickleNode.Referable {
  /// How the object is made.
  public enum Making {
    /// By a call: `callable(*arguments)`.
    CALL,
    /// By `cls.__new__(cls, *arguments)`.
    NEW,
    /// By `cls.__new__(cls, *arguments, **keywords)`.
    NEW_WITH_KEYWORDS,
    /// As old classes are: by `cls(*arguments)`, or without a call where there are none.
    OLD_CLASS
  }

  private final Making making;
  private final PickleNode callable;
  private final PickleNode arguments;
  private final @Nullable PickleNode keywords;
  private @Nullable NodeSteps steps;

  InstanceNode(
      Making making, PickleNode callable, PickleNode arguments, @Nullable PickleNode keywords) {
    this.making = making;
    this.callable = callable;
    this.arguments = arguments;
    this.keywords = keywords;
  }

  /// The object that a call returns.
  public static InstanceNode call(PickleNode callable, PickleNode... arguments) {
    return new InstanceNode(Making.CALL, callable, new TupleNode(arguments), null);
  }

  /// A new object of a class.
  public static InstanceNode of(PickleNode cls, PickleNode... arguments) {
    return new InstanceNode(Making.NEW, cls, new TupleNode(arguments), null);
  }

  /// A new object of a class without arguments, and its state.
  public static InstanceNode withState(PickleNode cls, PickleNode state) {
    InstanceNode made = of(cls);
    made.add(new Step.SetState(state));
    return made;
  }

  public Making making() {
    return making;
  }

  /// What is called, or the class.
  public PickleNode callable() {
    return callable;
  }

  /// A tuple in everything that Python writes, but any value in what others do.
  public PickleNode arguments() {
    return arguments;
  }

  /// The keyword arguments of [Making#NEW_WITH_KEYWORDS], otherwise null.
  public @Nullable PickleNode keywords() {
    return keywords;
  }

  /// What is done to the object once it is made, in order.
  public List<Step> steps() {
    return steps == null ? List.of() : Collections.unmodifiableList(steps);
  }

  /// The state that is set last, or null.
  public @Nullable PickleNode state() {
    List<Step> all = steps();
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i) instanceof Step.SetState(PickleNode state)) {
        return state;
      }
    }
    return null;
  }

  /// Whether the class or function is this one.
  public boolean isOf(String module, String name) {
    return callable instanceof GlobalNode global && global.is(module, name);
  }

  /// Whether the class or function is the one with that name.
  public boolean isOf(GlobalNode named) {
    return callable instanceof GlobalNode global && global.names(named);
  }

  void add(Step step) {
    if (steps == null) {
      steps = new NodeSteps();
    }
    steps.append(step);
  }

  @Override
  public String toString() {
    return (callable instanceof GlobalNode ? callable.toString() : "unnamed callable") + "(...)";
  }
}
