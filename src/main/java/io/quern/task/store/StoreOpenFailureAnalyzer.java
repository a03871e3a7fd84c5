package io.quern.task.store;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Says why the store cannot be opened, without a stack trace.
final class StoreOpenFailureAnalyzer extends AbstractFailureAnalyzer<StoreOpenException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, StoreOpenException cause) {
    return new FailureAnalysis(cause.getMessage(), null, cause);
  }
}
