package io.quern.bqskit;

import java.util.Arrays;
import java.util.List;

/// Which directories of a client's `sys.path` are passed on to managers. Passing one on lets every
/// client run what lies there on every worker.
final class ImportPaths {
  private final boolean isAll;
  private final List<String> prefixes;

  private ImportPaths(boolean isAll, List<String> prefixes) {
    this.isAll = isAll;
    this.prefixes = prefixes;
  }

  /// @param setting `all`, `none`, or prefixes with commas between them
  static ImportPaths parse(String setting) {
    return switch (setting.strip()) {
      case "all" -> new ImportPaths(true, List.of());
      case "none", "" -> new ImportPaths(false, List.of());
      default ->
          new ImportPaths(
              false,
              Arrays.stream(setting.split(","))
                  .map(String::strip)
                  .filter(prefix -> !prefix.isEmpty())
                  .toList());
    };
  }

  /// Those of the paths that are passed on, in order.
  List<String> of(List<String> paths) {
    return isAll
        ? paths
        : paths.stream().filter(path -> prefixes.stream().anyMatch(path::startsWith)).toList();
  }
}
