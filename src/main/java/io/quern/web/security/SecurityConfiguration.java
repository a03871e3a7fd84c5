package io.quern.web.security;

import io.quern.failure.ErrorCode;
import io.quern.web.problem.Problem;
import io.quern.web.problem.ProblemWriter;
import io.quern.web.security.AccessProperties.Access;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/// One filter chain for both ports: who calls, and what that opens.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessProperties.class)
class SecurityConfiguration {
  private static final Logger log = LoggerFactory.getLogger(SecurityConfiguration.class);

  /// Pages and descriptions that hold nothing of any tenant.
  private static final String[] PUBLIC = {
    "/",
    "/favicon.ico",
    "/passes",
    "/problems",
    "/problems/*",
    "/v3/api-docs/**",
    "/v3/api-docs.yaml",
    "/swagger-ui.html",
    "/swagger-ui/**"
  };

  /// The API page loads scripts and styles from here only, and styles elements inline.
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

  @Bean
  TokenRegistry tokenRegistry(AccessProperties properties, Environment environment) {
    TokenRegistry tokens = new TokenRegistry(properties);
    ExposureCheck.check(tokens, environment);
    if (tokens.isEmpty()) {
      log.warn(
          "No tokens are configured (quern.tokens): listening on loopback only, everyone on this"
              + " machine may call");
    }
    return tokens;
  }

  @Bean
  SecurityFilterChain securityFilterChain(HttpSecurity http, TokenRegistry tokens)
      throws Exception {
    Filter who = tokens.isEmpty() ? new LoopbackFilter() : new BearerTokenFilter(tokens);
    return http.authorizeHttpRequests(
            rules ->
                rules
                    .dispatcherTypeMatchers(DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers(EndpointRequest.to(HealthEndpoint.class))
                    .permitAll()
                    .requestMatchers(EndpointRequest.toAnyEndpoint())
                    .hasRole(Access.MANAGEMENT.name())
                    .requestMatchers(PUBLIC)
                    .permitAll()
                    .requestMatchers(HttpMethod.GET, "/cluster")
                    .hasAnyRole(Access.TASKS.name(), Access.MANAGEMENT.name())
                    .requestMatchers("/cluster/**")
                    .hasRole(Access.MANAGEMENT.name())
                    .anyRequest()
                    .hasRole(Access.TASKS.name()))
        .addFilterBefore(who, AuthorizationFilter.class)
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        // Nothing a browser sends by itself is a credential here.
        .csrf(AbstractHttpConfigurer::disable)
        .formLogin(AbstractHttpConfigurer::disable)
        .httpBasic(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .headers(
            headers ->
                headers.contentSecurityPolicy(
                    policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY)))
        .exceptionHandling(
            failures ->
                failures
                    .authenticationEntryPoint(
                        (request, response, e) ->
                            ProblemWriter.write(
                                response,
                                BearerTokenFilter.unauthorized(
                                    "expected a bearer token, found none", null)))
                    .accessDeniedHandler(
                        (request, response, e) ->
                            ProblemWriter.write(
                                response,
                                Problem.of(
                                    ErrorCode.FORBIDDEN,
                                    "expected a token for this call, found one for other calls"))))
        .build();
  }

  /// Requests are measured once, by the server's own observation: measuring each filter of the
  /// chain as well costs more than what the filters do.
  @Bean
  SecurityObservationSettings securityObservationSettings() {
    return SecurityObservationSettings.noObservations();
  }

  /// Lets every method through to where it is answered with the methods the address knows.
  @Bean
  StrictHttpFirewall httpFirewall() {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setUnsafeAllowAnyHttpMethod(true);
    return firewall;
  }

  @Bean
  RequestRejectedHandler requestRejectedHandler() {
    return (request, response, rejected) ->
        ProblemWriter.write(
            response,
            Problem.of(
                ErrorCode.MALFORMED_REQUEST,
                "expected a plain address and plain headers, found: " + rejected.getMessage()));
  }
}
