package io.quern.server;

import io.quern.node.Addresses;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The managers the server dials.
///
/// @param managers `host:port` of managers that listen; those that do not answer are dialled until
///   they do. Managers may also dial the server
@ConfigurationProperties("quern")
record ClusterProperties(@DefaultValue List<String> managers) {
  ClusterProperties {
    managers = Addresses.checked("quern.managers", managers);
  }
}
