package io.quern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.delivery.RunningService.ServerSentEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service is killed (-9) with one task finished, one running and being watched, and one
/// acknowledged a moment ago, and started again on its data.
class KilledServiceIT {
  private static final String SMALL =
      "OPENQASM 2.0; include \"qelib1.inc\"; qreg q[2]; h q[0]; cx q[0],q[1]; cx q[0],q[1];";

  @TempDir Path directory;

  @Test
  void killedServiceLosesNothingItAcknowledged() {
    String finished;
    String finishedResult;
    String running;
    String justAccepted;
    List<ServerSentEvent> seen;
    try (RunningService service = RunningService.start(directory)) {
      finished = submit(service, SMALL);
      finishedResult = service.awaitResult(finished);
      running = submit(service, large());
      // Queued, running, and at least one report of progress: the task is in the middle.
      seen = new ArrayList<>(service.events(running, 1, 4));
      justAccepted = submit(service, SMALL);
      service.kill();
    }

    try (RunningService service = RunningService.start(directory)) {
      assertThat(service.call("GET", "/tasks/" + finished + "/result", ""))
          .isEqualTo(finishedResult);

      long next = seen.getLast().number() + 1;
      seen.addAll(service.events(running, next, Integer.MAX_VALUE));
      assertThat(seen)
          .extracting(ServerSentEvent::number)
          .as("numbers of the events read before and after")
          .containsExactlyElementsOf(LongStream.rangeClosed(1, seen.size()).boxed().toList());
      assertThat(seen).extracting(ServerSentEvent::type).containsOnlyOnce("restarted", "result");
      assertThat(seen.getLast().type()).isEqualTo("result");
      assertThat(service.events(running, 1, Integer.MAX_VALUE))
          .as("the log read again from its beginning")
          .isEqualTo(seen);

      JsonNode accepted = JsonMapper.shared().readTree(service.awaitResult(justAccepted));
      assertThat(accepted.get("state").asString()).isEqualTo("DONE");
    }
  }

  private static String submit(RunningService service, String circuit) {
    return JsonMapper.shared()
        .readTree(service.call("POST", "/tasks?level=1&coupling=line", circuit))
        .get("id")
        .asString();
  }

  /// Enough work to be killed in.
  private static String large() {
    Random random = new Random(7);
    int qubits = 40;
    StringBuilder text = new StringBuilder("OPENQASM 2.0;\ninclude \"qelib1.inc\";\n");
    text.append("qreg q[").append(qubits).append("];\n");
    for (int i = 0; i < 4_000; i++) {
      int a = random.nextInt(qubits);
      int b = (a + 1 + random.nextInt(qubits - 1)) % qubits;
      text.append("u3(0.%d,0.%d,0.%d) q[%d];\n".formatted(i + 1, i + 2, i + 3, a));
      text.append("cx q[%d],q[%d];\n".formatted(a, b));
    }
    return text.toString();
  }
}
