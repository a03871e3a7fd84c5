package io.quern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// The executable jar and the script that starts it.
class LauncherIT {
  private static final String JAR = System.getProperty("quern.jar", "target/quern.jar");

  /// The Java that runs Maven, which may be older than the one that runs the tests.
  private static final Path MAVEN_JAVA =
      Path.of(System.getProperty("quern.maven.java.home", "/nowhere"));

  @Test
  void olderJavaIsToldWhatItNeeds() {
    Path java = MAVEN_JAVA.resolve("bin/java");
    String version = Shell.atTheTop().run(java.toString(), "-version").err();
    Assumptions.assumeFalse(version.contains("version \"25"), "Maven runs on Java 25 itself");
    Shell.Outcome outcome = Shell.atTheTop().run(java.toString(), "-jar", JAR);
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("Quern needs Java 25, this is Java ").hasLineCount(1);
  }

  @Test
  void jarRunsByItself() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Shell.Outcome outcome = Shell.atTheTop().run(java, "-jar", JAR, "--version");
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out()).startsWith("quern 0.");
  }

  @Test
  void jarSaysInOneLineWhichFlagGivesVectorKernels() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Shell.Outcome outcome =
        Shell.atTheTop().run(java, "-jar", JAR, "compile", "examples/qft_5.qasm", "-q");
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.err())
        .hasLineCount(1)
        .startsWith("quern: scalar kernels")
        .contains("--add-modules=jdk.incubator.vector");
  }

  @Test
  void scriptFindsJavaThoughThePathHasAnOlderOne() {
    Shell shell =
        Shell.atTheTop()
            .with("JAVA_HOME", MAVEN_JAVA.toString())
            .with("PATH", MAVEN_JAVA.resolve("bin") + ":/usr/bin:/bin");
    Shell.Outcome outcome = shell.run("bin/quern", "--version");
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out()).startsWith("quern 0.").contains("Java 25");
  }

  @Test
  void scriptRefusesAJavaHomeThatIsNoJava25() {
    Shell.Outcome outcome =
        Shell.atTheTop().with("QUERN_JAVA_HOME", "/nowhere").run("bin/quern", "--version");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualTo("quern: QUERN_JAVA_HOME is /nowhere, but that is no Java 25\n");
  }

  @Test
  void scriptSaysThatTheJarIsMissing() {
    Shell.Outcome outcome =
        Shell.atTheTop().with("QUERN_JAR", "/nowhere/quern.jar").run("bin/quern", "--version");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualTo("quern: QUERN_JAR is /nowhere/quern.jar, but there is no such file\n");
  }

  @Test
  void serverThatOnlyPassesOnDoesWithOneCompilerOfTheJvm() {
    Shell.Outcome outcome =
        Shell.atTheTop()
            .with("QUERN_JAVA_OPTS", "-XX:+PrintCommandLineFlags")
            .run("bin/quern", "bqskit-server", "--no-local-manager", "--port");
    assertThat(outcome.out()).contains("-XX:TieredStopAtLevel=1 ");
    assertThat(outcome.status()).isEqualTo(2);
  }

  @Test
  void scriptIsCleanForShellcheck() {
    Shell.Outcome outcome = Shell.atTheTop().run(Tools.require("shellcheck"), "bin/quern");
    assertThat(outcome.status()).as(outcome.out()).isZero();
  }

  @Test
  void dockerfileIsCleanForHadolint() {
    Shell.Outcome outcome = Shell.atTheTop().run(Tools.require("hadolint"), "Dockerfile");
    assertThat(outcome.status()).as(outcome.out()).isZero();
  }
}
