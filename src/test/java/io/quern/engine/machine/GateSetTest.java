package io.quern.engine.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.failure.QuernException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateSetTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cx,u3",
        "cz,rz,sx,x",
        "cz,rx,rz",
        "rxx,ry,rx",
        "cp,u1,h",
        "csx,u",
        "crz,u2",
        "ch,rx,h",
        "cx,ry,s",
        "cy,p,sxdg"
      })
  void universalSetsAreKnown(String names) {
    assertThat(GateSet.parse(List.of(names.split(","))).isUniversal(5)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "u3",
        "cx",
        "cx,h,t",
        "swap,u3",
        "ccx,u3",
        "cx,rz,x",
        "cx,ry,h",
        "cx,rz,s",
        "cx,rx,sx"
      })
  void setsThatAreNotUniversalAreKnown(String names) {
    assertThat(GateSet.parse(List.of(names.split(","))).isUniversal(5)).isFalse();
  }

  @Test
  void oneQubitNeedsNoEntanglingGate() {
    assertThat(GateSet.parse(List.of("u3")).isUniversal(1)).isTrue();
  }

  @Test
  void unknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> GateSet.parse(List.of("cx", "syc")))
        .isInstanceOf(QuernException.class)
        .hasMessageContaining("unknown gate 'syc'")
        .hasMessageContaining("rzz");
  }

  @Test
  void emptySetIsRefused() {
    assertThatThrownBy(() -> GateSet.parse(List.of())).isInstanceOf(QuernException.class);
  }
}
