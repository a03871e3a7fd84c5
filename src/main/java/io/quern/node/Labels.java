package io.quern.node;

import io.quern.task.Scheduling;
import java.util.List;

/// The labels of a node as they are configured.
public final class Labels {
  private Labels() {}

  /// The labels, sorted.
  ///
  /// @throws BadSettingException if one of them can be none, or there are too many
  public static List<String> checked(String setting, List<String> labels) {
    if (labels.size() > Scheduling.MAX_LABELS) {
      throw new BadSettingException(
          setting
              + ": expected at most "
              + Scheduling.MAX_LABELS
              + " labels, found "
              + labels.size());
    }
    for (String label : labels) {
      if (!Scheduling.isLabel(label)) {
        throw new BadSettingException(
            setting + ": expected labels of " + Scheduling.LABEL_FORM + ", found '" + label + "'");
      }
    }
    return labels.stream().sorted().distinct().toList();
  }
}
