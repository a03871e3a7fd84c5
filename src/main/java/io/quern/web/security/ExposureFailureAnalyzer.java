package io.quern.web.security;

import io.quern.web.security.ExposureCheck.ExposedWithoutTokensException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Says what to do when the start is refused for want of tokens.
final class ExposureFailureAnalyzer extends AbstractFailureAnalyzer<ExposedWithoutTokensException> {

  @Override
  protected FailureAnalysis analyze(Throwable root, ExposedWithoutTokensException cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()),
        "Configure at least one token (make one with `quern token`), or leave the address out to"
            + " serve this machine only.",
        cause);
  }
}
