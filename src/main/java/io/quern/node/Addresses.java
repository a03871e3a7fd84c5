package io.quern.node;

import io.quern.link.Dialler;
import java.util.List;

/// Addresses to be dialled as they are configured.
public final class Addresses {
  private Addresses() {}

  /// The addresses as they are dialled.
  ///
  /// @throws BadSettingException if one of them is no `host:port`
  public static List<String> checked(String setting, List<String> addresses) {
    return addresses.stream().map(each -> checked(setting, each)).toList();
  }

  /// The address as it is dialled.
  ///
  /// @throws BadSettingException if it is no `host:port`
  static String checked(String setting, String address) {
    try {
      return Dialler.checked(address);
    } catch (IllegalArgumentException e) {
      throw new BadSettingException(setting + ": " + e.getMessage());
    }
  }
}
