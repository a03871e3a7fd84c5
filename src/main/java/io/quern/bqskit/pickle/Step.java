package io.quern.bqskit.pickle;

import java.util.List;

/// Something that is done to an object after it was made.
public sealed interface Step {

  /// Its state is set (`__setstate__`, or its attributes).
  record SetState(PickleNode state) implements Step {}

  /// Items are appended or extended by.
  record Append(List<PickleNode> items) implements Step {}

  /// Items are set by key: keys and values in turn.
  record SetItems(List<PickleNode> entries) implements Step {}

  /// Items are added, as to a set.
  record AddItems(List<PickleNode> items) implements Step {}

  /// A value is made for what making it does to others, and dropped (dill fills the globals of
  /// functions that refer to themselves this way).
  record Perform(PickleNode value) implements Step {}
}
