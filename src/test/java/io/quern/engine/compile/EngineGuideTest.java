package io.quern.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.testing.CompilationResultAssert;
import io.quern.testing.Examples;
import io.quern.testing.InlineRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// What `docs/engine.md` shows and says of its workflow is so.
class EngineGuideTest {
  private static final Path GUIDE = Path.of("docs", "engine.md");
  private static final Path WORKFLOW = Path.of("examples", "workflow.json");

  private static String guide() throws IOException {
    return Files.readString(GUIDE);
  }

  @Test
  void workflowShownIsTheExample() throws IOException {
    assertThat(guide()).contains("```json\n" + Files.readString(WORKFLOW) + "```\n");
  }

  @Test
  void exampleDoesWhatIsSaidOfIt() throws IOException {
    Matcher said =
        Pattern.compile("`qft_5` on a line comes to (\\d+) CX after routing and (\\d+) at the end")
            .matcher(guide());
    assertThat(said.find()).isTrue();
    Circuit circuit = Examples.read("qft_5");
    MachineModel machine = new MachineModel(CouplingGraph.line(5), GateSet.DEFAULT);
    Object tree = JsonMapper.shared().readValue(Files.readString(WORKFLOW), Object.class);
    CompilationInput input =
        new CompilationInput(
            circuit,
            machine,
            new CompilationOptions(
                1,
                0,
                false,
                Verification.AUTO,
                WorkflowReader.read(tree, circuit, machine),
                SynthesisOptions.DEFAULT));
    CompilationResult result = Compilations.compile(input, InlineRuntime.of(2, 1));
    CompilationResultAssert.assertThat(result).carriesOut(input);
    assertThat(result.passes())
        .filteredOn(pass -> pass.name().equals("GeneralizedSabreRouting"))
        .extracting(PassReport::twoQubitGatesAfter)
        .containsExactly(Integer.valueOf(said.group(1)));
    assertThat(result.after().twoQubitGates()).isEqualTo(Integer.valueOf(said.group(2)));
  }

  @Test
  void everyPassIsNamed() throws IOException {
    String guide = guide();
    assertThat(PassLibrary.descriptions())
        .allSatisfy(pass -> assertThat(guide).contains("| `" + pass.name() + "`"));
  }
}
