package io.quern.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Addresses in settings that nobody can be dialled at stop the start.
class AddressesTest {

  @Test
  void addressesThatCanBeDialledAreTaken() {
    assertThat(Addresses.checked("quern.managers", List.of("host:7470", "[FD00::7]:2")))
        .containsExactly("host:7470", "[fd00::7]:2");
  }

  @Test
  void othersAreNamedWithTheirSetting() {
    for (String address : List.of("garbage", "host:0", "host:99999", ":7470", "")) {
      assertThatThrownBy(() -> Addresses.checked("quern.managers", List.of("a:1", address)))
          .isInstanceOf(BadSettingException.class)
          .hasMessage("quern.managers: expected HOST:PORT, found '" + address + "'");
    }
  }
}
