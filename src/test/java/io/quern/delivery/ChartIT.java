package io.quern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The chart: accepted by helm's linter, and every manifest it renders by Kubernetes' own schemas.
class ChartIT {
  private static final String CHART = "helm/quern";
  private static final String SCHEMAS =
      "src/test/kubernetes/schemas/{{ .ResourceKind }}{{ .KindSuffix }}.json";
  private static final Shell SHELL = Shell.atTheTop();

  private static String helm = "";
  private static String kubeconform = "";

  @BeforeAll
  static void findTools() {
    helm = Tools.require("helm");
    kubeconform = Tools.require("kubeconform");
  }

  /// Options of helm for each set of values the chart is rendered with.
  static Stream<List<String>> values() throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(Path.of(CHART, "ci"))) {
      files = listed.sorted().toList();
    }
    return Stream.concat(
        Stream.of(List.of()), files.stream().map(file -> List.of("--values", file.toString())));
  }

  @Test
  void linterFindsNothing() {
    Shell.Outcome lint = SHELL.run(helm, "lint", "--strict", CHART);
    assertThat(lint.status()).as(lint.out() + lint.err()).isZero();
  }

  @ParameterizedTest
  @MethodSource("values")
  void manifestsAreValid(List<String> options) {
    Shell.Outcome check = check(render(options));
    assertThat(check.status()).as(check.out() + check.err()).isZero();
    assertThat(check.out()).contains("Skipped: 0").doesNotContain("Valid: 0");
  }

  @Test
  void misspeltFieldIsFound() {
    String manifest = render(List.of());
    assertThat(manifest).contains("serviceName:");
    Shell.Outcome check = check(manifest.replace("serviceName:", "serviseName:"));
    assertThat(check.status()).isNotZero();
    assertThat(check.out()).contains("serviseName");
  }

  @Test
  void serverAndManagersAreRendered() {
    assertThat(render(List.of()))
        .contains("kind: StatefulSet", "kind: Deployment", "args: [manager, --server")
        .contains("sha256:");
  }

  /// Spring Boot refuses an address for metrics, which the image has, where they share the port.
  @Test
  void managersHaveMetricsOnAPortOfTheirOwn() {
    String managers = render(List.of("--set", "managers.replicas=1"));
    managers = managers.substring(managers.indexOf("args: [manager"));
    assertThat(managers.substring(0, managers.indexOf("ports:")))
        .contains("MANAGEMENT_SERVER_PORT", "MANAGEMENT_SERVER_ADDRESS")
        .doesNotContain("name: SERVER_PORT");
  }

  @Test
  void unknownValueIsRefused() {
    Shell.Outcome template = SHELL.run(helm, "template", "q", CHART, "--set", "replicas=2");
    assertThat(template.status()).isNotZero();
    assertThat(template.err()).contains("replicas");
  }

  private static String render(List<String> options) {
    List<String> command =
        Stream.concat(Stream.of(helm, "template", "q", CHART), options.stream()).toList();
    Shell.Outcome template = SHELL.run(command.toArray(String[]::new));
    assertThat(template.status()).as(template.err()).isZero();
    return template.out();
  }

  private static Shell.Outcome check(String manifest) {
    return SHELL.runWithInput(
        manifest, kubeconform, "-strict", "-summary", "-schema-location", SCHEMAS, "-");
  }
}
