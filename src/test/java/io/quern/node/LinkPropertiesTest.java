package io.quern.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class LinkPropertiesTest {
  private static LinkProperties properties(Duration heartbeat, Duration dead, DataSize frame) {
    return new LinkProperties(
        7470, null, "secret", null, false, null, heartbeat, dead, frame, DataSize.ofGigabytes(1));
  }

  @Test
  void whoIsSilentBetweenTwoSignsOfLifeIsNotDead() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> properties(second, second, DataSize.ofMegabytes(4)))
        .isInstanceOf(BadSettingException.class)
        .hasMessageContaining("quern.link.dead");
  }

  @Test
  void framesOfNothingOrOfEverythingAreRefused() {
    for (DataSize frame : new DataSize[] {DataSize.ofBytes(1), DataSize.ofGigabytes(3)}) {
      assertThatThrownBy(() -> properties(Duration.ofSeconds(1), Duration.ofSeconds(3), frame))
          .isInstanceOf(BadSettingException.class)
          .hasMessageContaining("quern.link.frame");
    }
  }

  @Test
  void theSecretIsNotShown() {
    assertThat(properties(Duration.ofSeconds(1), Duration.ofSeconds(3), DataSize.ofMegabytes(4)))
        .asString()
        .doesNotContain("secret");
  }
}
