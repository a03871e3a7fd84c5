package io.quern.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The short options of a role, which stand for settings; settings themselves may be mixed in.
enum RoleOptions {
  SERVER(
      Map.of("--managers", "quern.managers"),
      Map.of("--no-local-manager", "quern.runtime.local-manager=false")),
  MANAGER(
      Map.of(
          "--server", "quern.manager.server",
          "--listen", "quern.manager.listen",
          "--workers", "quern.manager.workers",
          "--managers", "quern.manager.managers",
          "--time-limit", "quern.manager.time-limit",
          "--join-token", "quern.link.join-token"),
      Map.of("--only-connect", "quern.manager.workers=0")),
  WORKER(
      Map.of(
          "--manager", "quern.manager.server",
          "--slots", "quern.manager.workers",
          "--time-limit", "quern.manager.time-limit",
          "--join-token", "quern.link.join-token"),
      Map.of());

  private final Map<String, String> valued;
  private final Map<String, String> flags;

  RoleOptions(Map<String, String> valued, Map<String, String> flags) {
    this.valued = valued;
    this.flags = flags;
  }

  /// The settings that arguments stand for; null if one is neither an option nor a setting.
  @Nullable List<String> settings(List<String> arguments) {
    List<String> settings = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (flags.containsKey(argument)) {
        settings.add("--" + flags.get(argument));
      } else if (valued.containsKey(name)) {
        if (equals < 0 && i + 1 == arguments.size()) {
          return null;
        }
        String value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
        settings.add("--" + valued.get(name) + "=" + value);
      } else if (Role.isSetting(argument)) {
        settings.add(argument);
      } else {
        return null;
      }
    }
    return settings;
  }
}
