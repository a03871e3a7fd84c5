package io.quern.web.security;

import io.quern.failure.ErrorCode;
import io.quern.web.problem.Problem;
import io.quern.web.problem.ProblemWriter;
import io.quern.web.security.AccessProperties.Access;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/// Stands in for tokens on loopback: everyone on this machine is the tenant `default`, but pages of
/// other sites in a browser on this machine are not, neither by a cross-site request (`Origin`) nor
/// by a name of their own that points here (`Host`, DNS rebinding).
final class LoopbackFilter extends OncePerRequestFilter {
  static final String TENANT = "default";

  private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

  private static final Authentication EVERYONE =
      UsernamePasswordAuthenticationToken.authenticated(
          TENANT,
          null,
          AuthorityUtils.createAuthorityList(
              Stream.of(Access.values()).map(access -> "ROLE_" + access.name()).toList()));

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String host = request.getHeader(HttpHeaders.HOST);
    if (host != null && !HOSTS.contains(withoutPort(host))) {
      ProblemWriter.write(response, foreignHost(host));
      return;
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null && !isOwn(origin, host)) {
      ProblemWriter.write(response, foreignOrigin(origin));
      return;
    }
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(EVERYONE);
    SecurityContextHolder.setContext(context);
    chain.doFilter(request, response);
  }

  private static boolean isOwn(String origin, @Nullable String host) {
    try {
      URI uri = URI.create(origin);
      return "http".equals(uri.getScheme())
          && uri.getRawAuthority() != null
          && uri.getRawAuthority().equals(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    boolean isPort = colon >= 0 && colon > host.lastIndexOf(']');
    return (isPort ? host.substring(0, colon) : host).toLowerCase(java.util.Locale.ROOT);
  }

  private static Problem foreignHost(String host) {
    List<String> known = HOSTS.stream().sorted().toList();
    return new Problem(
        ErrorCode.FOREIGN_HOST,
        "expected one of %s in Host, found %s".formatted(String.join(", ", known), host),
        Map.of("known", known),
        Map.of());
  }

  private static Problem foreignOrigin(String origin) {
    return Problem.of(
        ErrorCode.FOREIGN_ORIGIN, "expected no Origin or the one of this service, found " + origin);
  }
}
