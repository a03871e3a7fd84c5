package io.quern.node;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Says which setting stops the start.
final class BadSettingFailureAnalyzer extends AbstractFailureAnalyzer<BadSettingException> {

  @Override
  protected FailureAnalysis analyze(Throwable root, BadSettingException cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()), "docs/operations.md lists every setting.", cause);
  }
}
