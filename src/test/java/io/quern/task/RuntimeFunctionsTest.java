package io.quern.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.quern.QuernApplication;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.protocol.encoding.FunctionRegistry;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Every function of the engine can be asked for over a link: it is registered, and what it takes
/// and returns has a form. Those that stay where they are submitted are named here, with the
/// reason.
class RuntimeFunctionsTest {
  /// Functions that are not sent.
  private static final Set<String> LOCAL =
      Set.of(
          // Takes a workflow, and passes have no form: a block runs beside the task it is part of.
          "io.quern.engine.pass.ForEachBlock$RunOnBlock",
          // As above, for a branch.
          "io.quern.engine.pass.ParallelDo$RunBranch",
          // Stands for a function that is not known.
          "io.quern.protocol.encoding.UnknownFunction");

  @Test
  void everyFunctionIsRegistered() {
    JavaClasses all =
        new ClassFileImporter()
            .importUrl(QuernApplication.class.getProtectionDomain().getCodeSource().getLocation());
    List<String> functions =
        all.stream()
            .filter(type -> type.isAssignableTo(RuntimeFunction.class) && !type.isInterface())
            .map(JavaClass::getName)
            .toList();
    assertThat(functions).as("LOCAL names functions that exist").containsAll(LOCAL);
    List<String> sent = functions.stream().filter(name -> !LOCAL.contains(name)).toList();
    TreeSet<String> registered = new TreeSet<>();
    RuntimeFunctions.all().forEach(function -> registered.add(function.getClass().getName()));
    assertThat(registered)
        .as("functions in RuntimeFunctions; one that is missing runs only where it is submitted")
        .containsExactlyInAnyOrderElementsOf(sent);
  }

  @Test
  void whatTheyTakeAndReturnHasAForm() {
    FunctionRegistry registry = FunctionRegistry.of(RuntimeFunctions.all());
    assertThat(registry.fingerprint()).contains("compilation-task:1");
    assertThat(RuntimeFunctions.all()).allMatch(registry::canTravel);
  }
}
