package io.quern.web.security;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Who may call.
///
/// @param tokens every token that opens this service; with none it listens on loopback only and
///   whoever reaches it there is the tenant `default`
@Validated
@ConfigurationProperties("quern")
record AccessProperties(@DefaultValue List<@Valid Token> tokens) {
  AccessProperties {
    tokens = List.copyOf(tokens);
  }

  /// One token; a tenant may have several, which is how tokens are replaced without a pause.
  ///
  /// @param tenant who the bearer is; tasks belong to tenants
  /// @param sha256 SHA-256 of the token in hexadecimal; the token itself is never configured
  /// @param access what the token opens: `tasks`, `management` (metrics and what else the
  ///   management port serves beside health), or both
  record Token(
      @Pattern(regexp = "[A-Za-z0-9._-]{1,64}") String tenant,
      @Pattern(regexp = "[0-9a-fA-F]{64}") String sha256,
      @NotEmpty @DefaultValue("tasks") Set<Access> access) {
    public Token {
      access = Set.copyOf(access);
    }
  }

  /// What a token opens.
  enum Access {
    TASKS,
    MANAGEMENT
  }
}
