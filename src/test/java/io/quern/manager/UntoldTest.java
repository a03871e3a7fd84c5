package io.quern.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.pass.LogLevel;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.Blob;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UntoldTest {
  private static final RuntimeTaskId ONE = root(1);
  private static final RuntimeTaskId TWO = root(2);

  private final Untold untold = new Untold();

  private static RuntimeTaskId root(long mailbox) {
    return new RuntimeTaskId(new RuntimeAddress(RuntimeAddress.SERVER, mailbox, 0), 1);
  }

  private static Message.RunReport checkpoint(RuntimeTaskId root, int position, int bytes) {
    return new Message.Checkpoint(root, position, "1", Blob.of(new byte[bytes]));
  }

  private List<Message> told() {
    List<Message> told = new ArrayList<>();
    untold.tell(told::add);
    return told;
  }

  @Test
  void everythingIsToldOnceAndInOrder() {
    Message.RunReport line = new Message.Log(ONE, LogLevel.INFO, "io.quern", "a line");
    Message.RunReport block = new Message.BlockDone(ONE, "key", Blob.of(new byte[1]));
    assertThat(untold.add(line)).isTrue();
    assertThat(untold.add(block)).isTrue();
    assertThat(told()).containsExactly(line, block);
    assertThat(told()).isEmpty();
  }

  @Test
  void onlyTheNewestCheckpointOfACompilationIsKept() {
    untold.add(checkpoint(ONE, 1, 10));
    untold.add(checkpoint(TWO, 1, 10));
    untold.add(checkpoint(ONE, 2, 10));
    assertThat(told()).containsExactly(checkpoint(TWO, 1, 10), checkpoint(ONE, 2, 10));
  }

  @Test
  void bytesAreBoundedAndOlderCheckpointsFreeTheirs() {
    int most = 16 << 20;
    for (int mailbox = 1; mailbox <= 4; mailbox++) {
      assertThat(untold.add(checkpoint(root(mailbox), 1, most))).isTrue();
    }
    assertThat(untold.add(checkpoint(root(5), 1, most))).isFalse();
    assertThat(untold.add(checkpoint(ONE, 2, most))).isTrue();
    assertThat(told()).hasSize(4);
    assertThat(untold.add(checkpoint(root(5), 1, most))).isTrue();
  }

  @Test
  void linesAreBoundedByNumber() {
    Message.RunReport line = new Message.Log(ONE, LogLevel.INFO, "io.quern", "a line");
    for (int i = 0; i < 10_000; i++) {
      assertThat(untold.add(line)).isTrue();
    }
    assertThat(untold.add(line)).isFalse();
  }
}
