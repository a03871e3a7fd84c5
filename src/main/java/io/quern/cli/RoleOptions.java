package io.quern.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The short options of a role, which stand for settings; settings themselves may be mixed in.
enum RoleOptions {
  SERVER(
      List.of(
          new Option("--managers", "quern.managers", Form.ADDRESSES),
          new Option("--labels", "quern.runtime.labels", Form.LABELS),
          new Option("--workers", "quern.runtime.workers", Form.COUNT),
          new Option("--join-token", "quern.link.join-token", Form.TEXT)),
      Map.of("--no-local-manager", "quern.runtime.local-manager=false"),
      List.of()),
  MANAGER(
      List.of(
          new Option("--server", "quern.manager.server", Form.ADDRESS),
          new Option("--listen", "quern.manager.listen", Form.PORT),
          new Option("--workers", "quern.manager.workers", Form.COUNT),
          new Option("--worker-processes", "quern.manager.worker-processes", Form.COUNT),
          new Option("--managers", "quern.manager.managers", Form.ADDRESSES),
          new Option("--labels", "quern.manager.labels", Form.LABELS),
          new Option("--time-limit", "quern.manager.time-limit", Form.TIME),
          new Option("--join-token", "quern.link.join-token", Form.TEXT)),
      Map.of("--only-connect", "quern.manager.workers=0"),
      List.of()),
  WORKER(
      List.of(
          new Option("--manager", "quern.manager.server", Form.ADDRESS),
          new Option("--slots", "quern.manager.workers", Form.COUNT),
          new Option("--labels", "quern.manager.labels", Form.LABELS),
          new Option("--time-limit", "quern.manager.time-limit", Form.TIME),
          new Option("--join-token", "quern.link.join-token", Form.TEXT)),
      Map.of(),
      List.of("--quern.manager.role=worker"));

  private static final String HOST_AND_PORT =
      "([A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.%]{2,64}]):[0-9]{1,5}";
  private static final String LABEL = "[a-z0-9][a-z0-9._-]{0,62}";

  /// What a value looks like.
  private enum Form {
    ADDRESS("HOST:PORT", HOST_AND_PORT),
    ADDRESSES("HOST:PORT,...", HOST_AND_PORT + "(," + HOST_AND_PORT + ")*"),
    PORT("a port of 0 to 65535", "[0-9]{1,5}"),
    COUNT("a number of 0 to 1024", "[0-9]{1,4}"),
    TIME("a time such as 90s, 30m or 2h", "[0-9]{1,9}(ns|us|ms|s|m|h|d)"),
    LABELS("labels such as gpu,big", LABEL + "(," + LABEL + ")*"),
    TEXT("some text", ".+");

    private final String expected;
    private final String pattern;

    Form(String expected, String pattern) {
      this.expected = expected;
      this.pattern = pattern;
    }

    private boolean fits(String value) {
      return value.matches(pattern)
          && (this != PORT || Integer.parseInt(value) <= 65_535)
          && (this != COUNT || Integer.parseInt(value) <= 1_024);
    }
  }

  private record Option(String name, String setting, Form form) {}

  /// An option that is none, or has no value it can have.
  static final class BadOptionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private BadOptionException(String message) {
      super(message);
    }
  }

  private final Map<String, Option> valued = new LinkedHashMap<>();
  private final Map<String, String> flags;
  private final List<String> always;

  RoleOptions(List<Option> valued, Map<String, String> flags, List<String> always) {
    valued.forEach(each -> this.valued.put(each.name(), each));
    this.flags = flags;
    this.always = always;
  }

  /// The settings that arguments stand for; null if one is neither an option nor a setting.
  ///
  /// @throws BadOptionException if an option is not known, or has a value it cannot have
  @Nullable List<String> settings(List<String> arguments) {
    List<String> settings = new ArrayList<>(always);
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      Option option = valued.get(name);
      if (flags.containsKey(argument)) {
        settings.add("--" + flags.get(argument));
      } else if (option != null) {
        boolean isLast = equals < 0 && i + 1 == arguments.size();
        String value =
            isLast ? "" : equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
        if (!option.form().fits(value)) {
          throw new BadOptionException(
              "expected %s after %s, found %s"
                  .formatted(
                      option.form().expected,
                      name,
                      value.isEmpty() ? "nothing" : "'" + value + "'"));
        }
        settings.add("--" + option.setting() + "=" + value);
      } else if (!Role.isSetting(argument)) {
        return null;
      } else if (name.indexOf('.') < 0 && !SPRINGS_OWN.contains(name)) {
        Set<String> known = new TreeSet<>(valued.keySet());
        known.addAll(flags.keySet());
        throw new BadOptionException(
            "expected one of %s, or a setting such as --server.port=9090, found '%s'"
                .formatted(String.join(", ", known), name));
      } else {
        settings.add(argument);
      }
    }
    return settings;
  }

  private static final Set<String> SPRINGS_OWN = Set.of("--debug", "--trace");
}
