package io.quern;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.conditions.ArchConditions.beRecords;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Who may use whom, and the habits a compiler does not see. Every rule says why it is there.
class StructureTest {
  private static final JavaClasses MAIN = classesBeside(QuernApplication.class);
  private static final JavaClasses TESTS = classesBeside(StructureTest.class);

  /// What is in a manager's package and has threads, links or processes.
  private static final DescribedPredicate<JavaClass> MANAGER_SHELLS =
      DescribedPredicate.describe(
          "are shells of managers and workers",
          type ->
              Stream.of("ManagerLoop", "ManagerNode", "WorkerSlot")
                  .anyMatch(shell -> type.getName().startsWith("io.quern.manager." + shell)));

  /// A package (with those below it) and the packages of Quern it may use beside itself.
  record Module(String name, List<String> mayUse, String because) {
    @Override
    public String toString() {
      return name;
    }
  }

  /// The map of the program, lowest first. A package that is not listed here fails
  /// [#everyPackageHasItsPlace].
  private static final List<Module> MODULES =
      List.of(
          new Module("failure", List.of(), "every other package may throw its exceptions"),
          new Module(
              "engine",
              List.of("failure"),
              "the compiler is a library: it knows circuits, not tasks, links or the web"),
          new Module(
              "task",
              List.of("engine", "failure"),
              "tasks are what server, store and web agree on; they know none of the three"),
          new Module(
              "protocol",
              List.of("engine", "failure", "task"),
              "messages are values; whoever sends or receives them depends on them"),
          new Module(
              "journal",
              List.of("protocol", "task", "engine", "failure"),
              "the journal writes records in the form of the link, before the store has them"),
          new Module(
              "link", List.of("protocol", "failure"), "a link carries messages, any message"),
          new Module(
              "runtime",
              List.of("protocol", "engine", "task", "failure"),
              "the core runs in one test thread on memory alone, so it may know no shell around"
                  + " it"),
          new Module(
              "worker",
              List.of("runtime", "protocol", "link", "engine", "task", "failure"),
              "a worker is below its manager and knows no server"),
          new Module(
              "manager",
              List.of("worker", "runtime", "protocol", "link", "engine", "task", "failure"),
              "a manager must run in a process without server, store and web"),
          new Module(
              "node",
              List.of(
                  "manager", "worker", "runtime", "protocol", "link", "task", "engine", "failure"),
              "the process of a manager has no server, store or web in it"),
          new Module(
              "server",
              List.of(
                  "node",
                  "manager",
                  "worker",
                  "runtime",
                  "protocol",
                  "link",
                  "task",
                  "engine",
                  "failure"),
              "the shell wires the core to store and workers; web and command line sit on top"),
          new Module(
              "bqskit",
              List.of("server", "runtime", "link", "task", "engine", "failure"),
              "BQSKit's wire is one more way in, beside the web"),
          new Module(
              "web",
              List.of("bqskit", "server", "task", "engine", "failure"),
              "requests reach the core through TaskGateway, TaskStore and EventFeed only"),
          new Module(
              "cli",
              List.of(
                  "server",
                  "manager",
                  "worker",
                  "runtime",
                  "protocol",
                  "link",
                  "task",
                  "engine",
                  "failure"),
              "the command line runs the same engine and runtime in process, without the web"));

  static List<Module> modules() {
    return MODULES;
  }

  @ParameterizedTest
  @MethodSource("modules")
  void packageUsesOnlyWhatItMay(Module module) {
    List<String> allowed = new ArrayList<>(List.of(tree(module.name())));
    module.mayUse().forEach(name -> allowed.add(tree(name)));
    String[] packages = allowed.toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(tree(module.name()))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.quern..").and(resideOutsideOfPackages(packages)))
        .because(module.because())
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void everyPackageHasItsPlace() {
    Set<String> known = new TreeSet<>(MODULES.stream().map(Module::name).toList());
    assertThat(
            MAIN.stream().map(JavaClass::getPackageName).filter(name -> !name.equals("io.quern")))
        .as("packages whose first part below io.quern is on the map of modules")
        .allMatch(name -> known.contains(name.substring("io.quern.".length()).split("\\.")[0]));
  }

  @Test
  void packagesHaveNoCycles() {
    slices()
        .matching("io.quern.(**)")
        .should()
        .beFreeOfCycles()
        .because("a package that cannot be understood without another is part of that other")
        .check(MAIN);
  }

  @Test
  void springStaysInItsShells() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.quern.failure..",
            "io.quern.engine..",
            "io.quern.protocol..",
            "io.quern.link..",
            "io.quern.runtime..",
            "io.quern.manager..",
            "io.quern.worker..",
            "io.quern.task")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "jakarta..", "io.micrometer..")
        .because("engine and runtime run without a container: in `quern compile` and in simulation")
        .check(MAIN);
  }

  @Test
  void onlyTheStoreKnowsJdbc() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.quern.task.store..", "io.quern.server..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "javax.sql..", "org.springframework.jdbc..", "org.h2..", "org.flywaydb..")
        .because("the ordering rules of the store hold only if everything goes through its writer")
        .check(MAIN);
  }

  @Test
  void coreReadsNoClockAndStartsNoThread() {
    noClasses()
        .that(
            resideInAnyPackage("io.quern.runtime..", "io.quern.manager..")
                .or(JavaClass.Predicates.type(io.quern.worker.Worker.class))
                .and(DescribedPredicate.not(MANAGER_SHELLS))
                .as("the cores and what they are made of"))
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(
            Thread.class,
            java.time.Clock.class,
            java.util.concurrent.ExecutorService.class,
            java.util.concurrent.ThreadLocalRandom.class,
            java.util.concurrent.locks.Lock.class)
        .because("events and the time come in, effects go out: that makes a run repeatable")
        .check(MAIN);
  }

  @Test
  void packagesAreNamedAfterThings() {
    Set<String> nouns =
        Set.of("util", "utils", "common", "impl", "dto", "service", "model", "helper", "misc");
    assertThat(packages())
        .as("packages named after what they hold, not after a layer or a leftover")
        .allMatch(
            javaPackage ->
                Arrays.stream(javaPackage.getName().split("\\.")).noneMatch(nouns::contains));
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(packages())
        .as("packages with @NullMarked in package-info.java, without which NullAway looks away")
        .allMatch(javaPackage -> javaPackage.isAnnotatedWith(NullMarked.class));
  }

  @Test
  void recordsHoldNoArrays() {
    noFields()
        .that()
        .areDeclaredInClassesThat()
        .areRecords()
        .and()
        .areNotStatic()
        .should(
            new ArchCondition<JavaField>("be arrays") {
              @Override
              public void check(JavaField field, ConditionEvents events) {
                events.add(
                    new SimpleConditionEvent(
                        field,
                        field.getRawType().isArray(),
                        field.getFullName() + " is of type " + field.getRawType().getName()));
              }
            })
        .because("an array has identity equality and can be changed: a record of it is no value")
        .check(MAIN);
  }

  @Test
  void onlyTheCommandLineWritesToTheTerminal() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.quern.cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .because("a service logs; standard output belongs to the compiled circuit")
        .check(MAIN);
  }

  @Test
  void configurationsAreNotProxied() {
    classes()
        .that()
        .areAnnotatedWith(Configuration.class)
        .should(
            new ArchCondition<JavaClass>("have proxyBeanMethods = false") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                events.add(
                    new SimpleConditionEvent(
                        type,
                        !type.getAnnotationOfType(Configuration.class).proxyBeanMethods(),
                        type.getName() + " is proxied"));
              }
            })
        .because("a bean method called by another must be an ordinary call")
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void beanMethodsAreNotPrivate() {
    methods()
        .that()
        .areAnnotatedWith(Bean.class)
        .should()
        .notBePrivate()
        .because("a test of a configuration calls it")
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void propertiesAreRecords() {
    classes()
        .that()
        .areAnnotatedWith(ConfigurationProperties.class)
        .should(beRecords())
        .because("settings are bound once by the constructor and never change")
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void collaboratorsComeThroughTheConstructor() {
    fields()
        .should()
        .notBeAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
        .andShould()
        .notBeAnnotatedWith("jakarta.inject.Inject")
        .andShould()
        .notBeAnnotatedWith("jakarta.annotation.Resource")
        .because("a class must be usable by `new`, with final fields")
        .check(MAIN);
  }

  @Test
  void caseIsChangedWithALocale() {
    noClasses()
        .should()
        .callMethod(String.class, "toLowerCase")
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .because("in Turkish the lower case of I is not i: say Locale.ROOT")
        .check(MAIN);
  }

  @Test
  void testsNeitherSleepNorMock() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("org.mockito..")
        .because("a test waits for what it needs (Awaitility, latches) and uses the real thing")
        .check(TESTS);
  }

  /// Every class that was compiled to the same place.
  private static JavaClasses classesBeside(Class<?> type) {
    return new ClassFileImporter()
        .importUrl(type.getProtectionDomain().getCodeSource().getLocation())
        .that(JavaClass.Predicates.resideInAPackage("io.quern.."));
  }

  private static Stream<JavaPackage> packages() {
    return MAIN.stream().map(JavaClass::getPackage).distinct();
  }

  private static String tree(String name) {
    return "io.quern." + name + "..";
  }
}
