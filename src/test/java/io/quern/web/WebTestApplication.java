package io.quern.web;

import io.quern.engine.compile.Verification;
import io.quern.engine.pass.LogLevel;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.Submission;
import io.quern.task.SubmissionRequest;
import io.quern.web.SubmissionCheck.Checked;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;

/// The HTTP front alone, over tasks in memory: for what a real engine would make slow or rare.
@TestConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(
    exclude = {
      DataSourceAutoConfiguration.class,
      FlywayAutoConfiguration.class,
      UserDetailsServiceAutoConfiguration.class
    })
@ComponentScan("io.quern.web")
class WebTestApplication {

  @Bean
  InMemoryTasks inMemoryTasks() {
    return new InMemoryTasks();
  }

  @Bean
  SubmissionCheck submissionCheck() {
    return WebTestApplication::check;
  }

  private static Checked check(SubmissionRequest request) {
    if (!request.circuit().startsWith("OPENQASM")) {
      throw new QuernException(ErrorCode.QASM_SYNTAX, "expected 'OPENQASM'");
    }
    Submission submission =
        new Submission(
            request.circuit(),
            request.name(),
            request.tags(),
            new Submission.Machine(
                request.qubits(),
                Objects.requireNonNullElse(request.coupling(), "all"),
                Objects.requireNonNullElse(request.gates(), List.of("cx", "u3"))),
            1,
            Objects.requireNonNullElse(request.seed(), 0L),
            false,
            Verification.AUTO,
            null,
            false,
            LogLevel.INFO,
            -1,
            Submission.Options.DEFAULT);
    return new Checked(submission, InMemoryTasks.statistics());
  }
}
