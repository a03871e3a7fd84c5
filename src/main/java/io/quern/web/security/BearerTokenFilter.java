package io.quern.web.security;

import io.quern.failure.ErrorCode;
import io.quern.web.problem.Problem;
import io.quern.web.problem.ProblemWriter;
import io.quern.web.security.TokenRegistry.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/// Finds out which tenant calls. A wrong token is refused everywhere; a missing one only where the
/// call needs it.
final class BearerTokenFilter extends OncePerRequestFilter {
  /// A browser cannot set headers on a WebSocket, but it can name subprotocols.
  private static final String PROTOCOL_PREFIX = "bearer.";

  private static final String SCHEME = "Bearer ";

  private final TokenRegistry tokens;

  BearerTokenFilter(TokenRegistry tokens) {
    this.tokens = tokens;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String token = token(request);
    if (token != null) {
      Caller caller = tokens.find(token);
      if (caller == null) {
        ProblemWriter.write(
            response, unauthorized("expected a configured token, found another", "invalid_token"));
        return;
      }
      SecurityContext context = SecurityContextHolder.createEmptyContext();
      context.setAuthentication(
          UsernamePasswordAuthenticationToken.authenticated(
              caller.tenant(),
              null,
              AuthorityUtils.createAuthorityList(
                  caller.access().stream().map(access -> "ROLE_" + access.name()).toList())));
      SecurityContextHolder.setContext(context);
    }
    chain.doFilter(request, response);
  }

  static Problem unauthorized(String detail, @Nullable String error) {
    String challenge = "Bearer realm=\"quern\"" + (error == null ? "" : ", error=\"" + error + '"');
    return Problem.of(ErrorCode.UNAUTHORIZED, detail)
        .withHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
  }

  private static @Nullable String token(HttpServletRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header != null) {
      boolean isBearer = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
      // Another scheme is as good as a wrong token, not as good as none.
      return isBearer ? header.substring(SCHEME.length()).strip() : "";
    }
    if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
      return null;
    }
    var protocols = request.getHeaders("Sec-WebSocket-Protocol");
    while (protocols.hasMoreElements()) {
      for (String protocol : protocols.nextElement().split(",")) {
        String name = protocol.strip();
        if (name.startsWith(PROTOCOL_PREFIX)) {
          return name.substring(PROTOCOL_PREFIX.length());
        }
      }
    }
    return null;
  }
}
